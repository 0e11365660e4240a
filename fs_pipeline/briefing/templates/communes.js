// The map and its communes: their shapes, their rows in the table, and how one is found by its name or postcode.
// No request leaves the page, and what data say is only ever text: Leaflet takes strings for HTML, so it is given nodes.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("donnees").textContent);
  var SHOWN = 6;  // communes found, of those that are told
  function get(id) { return document.getElementById(id); }
  var box = get("carte"), text = get("texte"), found = get("communes-trouvees");

  box.hidden = false;
  get("filtres").hidden = false;
  var map = L.map(box, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, keyboard: true, fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire", position: "bottomright" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Carte des lieux ; les flèches la déplacent, plus et moins l’agrandissent. La liste dit la même chose.");

  function degrees(point) { return [point[1] / data.units, point[0] / data.units]; }
  function ringsOf(rings) {
    return Limits.points(rings).map(function (ring) { return ring.map(degrees); });
  }
  // One tooltip for all communes: bound to each, Leaflet listens for their focus, and browsers make hundreds of tab stops.
  var tip = L.tooltip({ offset: [12, 0] });
  function tell(commune, at) {
    tip.setContent(document.createTextNode(commune[0] + "\u00a0: " + commune[2] + ", " + commune[1] + "\u00a0habitants")).setLatLng(at).addTo(map);
  }
  var bounds = L.latLngBounds([]);
  var areas = [];
  data.contours.forEach(function (rings, n) {
    if (!rings.length) return;
    var commune = data.communes[n];
    var area = L.polygon(ringsOf(rings), { className: commune[3], weight: 0.8, color: "#fff", fillOpacity: 1, fillRule: "evenodd", fillColor: null, smoothFactor: 0.5 });
    area.on("mouseover mousemove click", function (event) { tell(commune, event.latlng); });
    area.on("mouseout", function () { tip.remove(); });
    area.addTo(map);
    areas[n] = area;
    bounds.extend(area.getBounds());
  });

  // The near threshold is a plain line, the far one a dashed one: they never rest on colour.
  var dots = L.layerGroup().addTo(map), limits = L.layerGroup().addTo(map);
  function drawBorder(lines, style, into) {
    lines.forEach(function (line) {
      L.polyline(line, { className: style, interactive: false, weight: null, color: null, opacity: null, smoothFactor: 0.5 }).addTo(into);
    });
  }
  function closedRings(name) {
    return ringsOf(data.borders[name]).map(function (ring) { return ring.concat([ring[0]]); });
  }
  drawBorder(closedRings("all"), "outline", map);

  var edges = null;
  function edgesOf() { return edges = edges || Limits.edges(data.contours); }

  // What colours the communes: the minutes that came with the page, or those of an essay or of a démarche. A view holds the
  // words and the look of each commune, the title of the minutes, and who is within each limit.
  var written = {
    communes: data.communes.map(function (commune) { return { words: commune[2], look: commune[3] }; }),
    title: get("titre-minutes").textContent, within: null
  };
  var views = { essay: null, demarche: null };
  var cells = document.querySelectorAll("#communes tbody td:last-child");
  function paint() {
    var view = views.essay || views.demarche || written;
    view.communes.forEach(function (now, n) {
      var commune = data.communes[n], shape = areas[n] && areas[n].getElement();
      if (now.words !== commune[2]) { commune[2] = now.words; cells[n].textContent = now.words; }
      if (now.look === commune[3]) return;
      if (shape) { shape.classList.remove.apply(shape.classList, commune[3].split(" ")); shape.classList.add.apply(shape.classList, now.look.split(" ")); }
      commune[3] = now.look;
    });
    get("titre-minutes").textContent = view.title;
    get("titre-tableau").textContent = view.title + ", par commune";
    dots.clearLayers();
    limits.clearLayers();
    view.communes.forEach(function (now, n) {
      if (areas[n] && now.look.indexOf(" by-label") > 0) L.polygon(ringsOf(data.contours[n]), { className: "dots", interactive: false, stroke: false, fillColor: null, fillOpacity: 1, fillRule: "evenodd", smoothFactor: 0.5 }).addTo(dots);
    });
    get("legende-label").hidden = !dots.getLayers().length;
    ["far", "near"].forEach(function (name) {
      var lines = view.within ? Limits.around(edgesOf(), view.within[name]).map(function (line) { return line.map(degrees); }) : closedRings(name);
      drawBorder(lines, "border-" + name, limits);
    });
    tellChosen();
  }
  function show(name, view) { views[name] = view; paint(); }

  var entries = data.communes.map(function (commune) { return Search.plain(commune[0] + " " + commune[4]); });
  var chosen = null, mark = L.layerGroup().addTo(map);
  function tellChosen() {
    var commune = chosen === null ? null : data.communes[chosen];
    get("commune-choisie").textContent = commune ? commune[0] + "\u00a0: " + commune[2] + ", " + commune[1] + "\u00a0habitants." : "";
  }
  function choose(n) {
    chosen = n;
    mark.clearLayers();
    if (n !== null && areas[n]) {
      L.polygon(ringsOf(data.contours[n]), { className: "found", interactive: false, weight: null, color: null, fill: false }).addTo(mark);
      map.fitBounds(areas[n].getBounds(), { padding: [60, 60], maxZoom: 11, animate: false });
    }
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
    var numbers = Search.plain(text.value).length > 1 ? Search.find(entries, text.value) : [];
    found.replaceChildren.apply(found, numbers.slice(0, SHOWN).map(button));
    get("trouve").hidden = !numbers.length;
    var more = numbers.length - SHOWN;
    get("trouve-reste").textContent = more > 0 ? "Et " + more + (more > 1 ? " autres" : " autre") + ", dans le tableau des communes." : "";
    if (chosen !== null && numbers.indexOf(chosen) < 0) choose(null);
    return numbers.length;
  }

  window.Carte = {
    data: data, map: map, bounds: bounds, areas: areas, edgesOf: edgesOf, written: written, show: show, search: search
  };
  paint();
})();
