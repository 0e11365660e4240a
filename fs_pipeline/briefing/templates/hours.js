// Which places are open at a day and hour, from the letters of fs_pipeline/briefing/map_hours.py; unknown is never closed.
// Pure: the page and the tests run this same file.
var Hours = (function () {
  "use strict";
  var WORDS = { o: "ouvert à cette heure", r: "sur rendez-vous à cette heure", c: "fermé à cette heure", u: "horaires inconnus", k: "horaires réservés" };

  // The letter of a place; `at`: the number of a day and an hour (14 for 14 h).
  function state(table, place, at) {
    var hours = table.hours.length;
    return table.schedules[table.of[place]].charAt(at.day * hours + table.hours.indexOf(at.hour));
  }

  // « Mardi à 14 h : 10 lieux ouverts sur 14, dont 2 sur rendez-vous ; 3 aux horaires inconnus. … »
  function sentence(table, at, states) {
    function many(letters) { return states.filter(function (one) { return letters.indexOf(one) >= 0; }).length; }
    function places(count, one, several) { return count + " " + (count > 1 ? several : one); }
    var day = table.days[at.day], open = many("or"), asked = many("r"), unknown = many("u"), kept = many("k");
    var said = day.charAt(0).toUpperCase() + day.slice(1) + " à " + at.hour + "\u00a0h\u00a0: " + places(open, "lieu ouvert", "lieux ouverts") + " sur " + states.length;
    if (asked) said += ", dont " + asked + " sur rendez-vous";
    if (unknown) said += "\u202f; " + unknown + " aux horaires inconnus";
    if (kept) said += "\u202f; " + kept + " aux horaires réservés";
    var share = table.shares[at.day][table.hours.indexOf(at.hour)];
    if (!share[0]) return said + ".";
    said += ". À " + table.near + "\u00a0minutes ou moins d’une France services fixe ouverte\u00a0: " + share[0] + " des habitants";
    if (share[1]) said += ", et " + share[1] + " près de lieux aux horaires inconnus seulement";
    return said + ". Les couleurs, elles, ne dépendent pas de l’heure.";
  }

  return { words: WORDS, state: state, sentence: sentence };
})();
if (typeof module !== "undefined") module.exports = Hours;
