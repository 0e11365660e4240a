// The communes: their colours, their rows in the table, and how one is found by its name or postcode. `Drawing` draws them.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("donnees").textContent);
  var SHOWN = 6;  // communes found, of those that are told
  function get(id) { return document.getElementById(id); }
  var box = get("carte"), text = get("texte"), found = get("communes-trouvees");

  box.hidden = false;
  get("filtres").hidden = false;
  function tell(n) {
    var commune = data.communes[n];
    return commune[0] + "\u00a0: " + commune[2] + ", " + commune[1] + "\u00a0habitants";
  }
  var drawing = Drawing.open(box, data, tell, "Carte des lieux ; les flèches la déplacent, plus et moins l’agrandissent. La liste dit la même chose.");

  // What colours the communes: the minutes that came with the page, or those of an essay or of a démarche. A view holds the
  // words and the look of each commune, the title of the minutes, and who is within each limit.
  var written = {
    communes: data.communes.map(function (commune) { return { words: commune[2], look: commune[3] }; }),
    title: get("titre-minutes").textContent, within: null
  };
  var views = { essay: null, need: null, demarche: null };
  var scale = document.querySelectorAll(".scale li"), column = get("titre-colonne");
  var legend = Array.prototype.map.call(scale, function (one) { return one.querySelector("span").textContent; });
  var cells = document.querySelectorAll("#communes tbody td:last-child");
  function paint() {
    var view = views.essay || views.need || views.demarche || written;
    view.communes.forEach(function (now, n) {
      var commune = data.communes[n];
      if (now.words !== commune[2]) { commune[2] = now.words; if (cells[n]) cells[n].textContent = now.words; }
      commune[3] = now.look;
    });
    get("titre-minutes").textContent = view.title;
    if (get("titre-tableau")) get("titre-tableau").textContent = view.title + ", par commune";
    // The last of the scale is what is not known.
    scale.forEach(function (one, n) {
      var last = n === scale.length - 1, words = !view.legend ? legend[n] : last ? "non renseigné" : view.legend[n];
      one.hidden = !words;
      one.querySelector("span").textContent = words || "";
    });
    if (column) column.textContent = view.column || "Trajet";
    drawing.colour(view.communes.map(function (now) { return now.look; }));
    drawing.limit(view.within);
    if (get("legende-label")) get("legende-label").hidden = !view.communes.some(function (now) { return now.look.indexOf(" by-label") > 0; });
    tellChosen();
  }
  function show(name, view) { views[name] = view; paint(); }

  // Need: its own words and colours, under the limits of the minutes.
  var measures = get("couleurs"), looks = ["m1", "m2", "m3", "m4", "m5"];
  function viewOf(measure) {
    return {
      title: measure.title, column: measure.label, legend: measure.legend, within: null,
      communes: measure.values.map(function (value) {
        if (value === null) return { words: "non renseigné", look: "none" };
        var at = measure.ends.findIndex(function (end) { return value <= end; });
        return { words: measure.words.replace("{}", value), look: looks[at < 0 ? measure.ends.length : at] };
      })
    };
  }
  if (measures) measures.addEventListener("change", function () {
    show("need", measures.value === "" ? null : viewOf(data.need[measures.value]));
  });
  // Areas that are too far, outlined on demand.
  var zones = get("zones");
  if (zones) zones.addEventListener("change", function () {
    drawing.zones(zones.checked ? data.zones.map(function (one) { return one[0]; }) : []);
    get("legende-zones").hidden = !zones.checked;
  });

  var entries = null;
  function entriesOf() {
    entries = entries || data.communes.map(function (commune) { return Search.plain(commune[0] + " " + commune[4]); });
    return entries;
  }
  var chosen = null;
  function tellChosen() {
    get("commune-choisie").textContent = chosen === null ? "" : tell(chosen) + ".";
  }
  function choose(n) {
    chosen = n;
    drawing.find(n);
    tellChosen();
  }
  function button(n) {
    var item = document.createElement("li"), made = document.createElement("button"), more = document.createElement("span");
    made.type = "button";
    made.textContent = data.communes[n][0] + " ";
    more.className = "secondary";
    more.textContent = [data.communes[n][4], data.communes[n][2]].filter(Boolean).join(" · ");
    made.append(more);
    made.addEventListener("click", function () { choose(n); });
    item.append(made);
    return item;
  }
  // How many communes bear what is asked; they are listed.
  function search() {
    var numbers = Search.plain(text.value).length > 1 ? Search.find(entriesOf(), text.value) : [];
    found.replaceChildren.apply(found, numbers.slice(0, SHOWN).map(button));
    get("trouve").hidden = !numbers.length;
    var more = numbers.length - SHOWN;
    get("trouve-reste").textContent = more > 0 ? "Et " + more + (more > 1 ? " autres" : " autre") + (cells.length ? ", dans le tableau des communes." : "\u00a0: précisez le nom ou le code postal.") : "";
    if (chosen !== null && numbers.indexOf(chosen) < 0) choose(null);
    return numbers.length;
  }

  window.Carte = { data: data, drawing: drawing, written: written, show: show, search: search };
  paint();
})();
