// Finding a name as people write it: capitals, accents, hyphens, apostrophes and « st » for « saint » make no difference.
// Pure: the page and the tests run this same file.
var Search = (function () {
  "use strict";
  var WHOLE = { st: "saint", ste: "sainte", sts: "saints", stes: "saintes" };

  // The words of a text, without accents, each one apart by a space.
  function plain(text) {
    return text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD").replace(/[\u0300-\u036f]/g, "")
      .replace(/[^a-z0-9]+/g, " ").trim().split(" ").map(function (word) { return WHOLE[word] || word; }).join(" ");
  }

  // Whether each word asked for begins one of `entry` (a `plain` text), or all of them together do where words are glued.
  function matches(entry, asked) {
    var words = entry.split(" "), wanted = plain(asked);
    if (!wanted) return true;
    var each = wanted.split(" ").every(function (one) {
      return words.some(function (word) { return word.indexOf(one) === 0; });
    });
    return each || words.some(function (_, n) {
      return words.slice(n).join("").indexOf(wanted.replace(/ /g, "")) === 0;
    });
  }

  // The numbers of the entries that match, those that begin with what is asked first, whole names before all.
  function find(entries, asked) {
    var wanted = plain(asked), ranks = {};
    if (!wanted) return [];
    var found = entries.map(function (_, n) { return n; }).filter(function (n) { return matches(entries[n], asked); });
    found.forEach(function (n) {
      var rest = entries[n].indexOf(wanted) === 0 ? entries[n].slice(wanted.length) : null;
      ranks[n] = rest === null ? 2 : /^( \d+)*$/.test(rest) ? 0 : 1;
    });
    return found.sort(function (a, b) { return ranks[a] - ranks[b] || a - b; });
  }

  return { plain: plain, matches: matches, find: find };
})();
if (typeof module !== "undefined") module.exports = Search;
