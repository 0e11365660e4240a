// How far each commune is from help with a démarche, read from the signs of fs_pipeline/briefing/map_help.py: what a survey
// confirms apart from what the label alone implies. Pure: the page and the tests run this same file.
var Help = (function () {
  "use strict";

  // Tenths of a minute of each commune; beyond `table.most`, a word of `words`.
  function read(table, signs) {
    var base = table.signs.length, found = [];
    for (var i = 0; i < signs.length; i += 2) found.push(table.signs.indexOf(signs[i]) * base + table.signs.indexOf(signs[i + 1]));
    return found;
  }
  function known(table, value) { return value <= table.most; }
  function words(table, value) {
    if (!known(table, value)) return ["", table.kept, "non calculé", "hors d’atteinte"][value - table.most];
    return Math.floor(value / 10) + (value % 10 ? "," + value % 10 : "") + "\u00a0min";
  }
  function look(table, classes, value) {
    if (!known(table, value)) return "none";
    var found = classes.find(function (one) { return value <= one[1]; });
    return found ? found[0] : "m5";
  }

  // What colours the communes for a démarche. `row`: whether the label implies help, and the signs of minutes to a place that
  // confirms it, and of minutes to one that confirms it or is labelled; `written`: the words and the look of each commune for
  // the label; `only`: whether what is confirmed counts alone. `within` is null where the limits are those of the label.
  function view(table, classes, row, written, only) {
    var confirmed = row[1] ? read(table, row[1]) : null, together = row[0] && !only ? (row[2] ? read(table, row[2]) : null) : confirmed;
    if (row[0] && !only && !confirmed) {
      return {
        communes: written.map(function (one) {
          return one.look === "none" ? one : { words: one.words + ", par le label seul", look: one.look + " by-label" };
        }), within: null
      };
    }
    if (!confirmed) {
      return {
        communes: written.map(function () { return { words: "aucun lieu ne confirme cette aide", look: "none" }; }),
        within: { near: function () { return false; }, far: function () { return false; } }
      };
    }
    return {
      communes: together.map(function (value, n) {
        var seen = look(table, classes, value), told = words(table, value);
        if (!known(table, value)) return { words: told, look: seen };
        if (confirmed[n] === value) return { words: told + ", aide confirmée", look: seen };
        return { words: told + ", par le label (confirmée\u00a0: " + words(table, confirmed[n]) + ")", look: seen + " by-label" };
      }),
      within: {
        near: function (n) { return together[n] <= table.limits[0]; },
        far: function (n) { return together[n] <= table.limits[1]; }
      }
    };
  }

  return { read: read, view: view };
})();
if (typeof module !== "undefined") module.exports = Help;
