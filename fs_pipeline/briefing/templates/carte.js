// The list is the page; this adds the map and the filters to it. No request leaves the page, and what data say is only
// ever text: Leaflet takes strings for HTML, so it is given nodes.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("donnees").textContent);
  var items = Array.prototype.slice.call(document.querySelectorAll("#lieux > li"));
  var chosenDemarche = document.getElementById("demarche");
  var text = document.getElementById("texte");
  var others = document.getElementById("autres");
  var sentence = document.getElementById("phrase");
  var count = document.getElementById("compte");
  var HELP = { c: "aide confirmée", b: "aide par le label, non confirmée", g: "aide déclarée en général, démarche non précisée", o: "orientation seulement", n: "aucune aide, dit l’enquête", u: "aide inconnue" };
  var SIGNS = { c: "confirmed", b: "by_label", g: "general", o: "orientation", n: "none", u: "unknown" };
  var placeSigns = {}, helpSigns = {};
  function signsOf(list, codes, into) {
    var found = list.querySelectorAll("li");
    for (var i = 0; i < found.length; i++) into[codes[i]] = found[i].querySelector("svg");
  }
  signsOf(document.querySelector("#legende-lieux ul"), ["fixed", "antenne", "itinerant", "other"], placeSigns);
  signsOf(document.querySelector("#legende-aide ul"), ["confirmed", "by_label", "general", "orientation", "none", "unknown"], helpSigns);

  var box = document.getElementById("carte");
  box.hidden = false;
  document.getElementById("filtres").hidden = false;
  var map = L.map(box, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, keyboard: true, fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false });
  L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire", position: "bottomright" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Carte des lieux ; les flèches la déplacent, plus et moins l’agrandissent. La liste dit la même chose.");

  function ringsOf(rings) {
    return rings.map(function (steps) {
      var x = 0, y = 0, points = [];
      for (var i = 0; i < steps.length; i += 2) {
        x += steps[i]; y += steps[i + 1];
        points.push([y / data.units, x / data.units]);
      }
      return points;
    });
  }
  var bounds = L.latLngBounds([]);
  var areas = [];
  data.contours.forEach(function (rings, n) {
    if (!rings.length) return;
    var commune = data.communes[n];
    var area = L.polygon(ringsOf(rings), { className: commune[3], weight: 0.8, color: "#fff", fillOpacity: 1, fillRule: "evenodd", fillColor: null, smoothFactor: 0.5 });
    area.bindTooltip(function () {
      return document.createTextNode(commune[0] + "\u00a0: " + commune[2] + ", " + commune[1] + "\u00a0habitants");
    }, { sticky: true });
    area.addTo(map);
    areas[n] = area;
    bounds.extend(area.getBounds());
  });

  // The near threshold is a plain line, the far one a dashed one: they never rest on colour.
  var limits = L.layerGroup().addTo(map);
  function drawBorder(lines, style, into) {
    lines.forEach(function (line) {
      L.polyline(line, { className: style, interactive: false, weight: null, color: null, opacity: null, smoothFactor: 0.5 }).addTo(into);
    });
  }
  function closedRings(name) {
    return ringsOf(data.borders[name]).map(function (ring) { return ring.concat([ring[0]]); });
  }
  function drawLimits() {
    limits.clearLayers();
    ["far", "near"].forEach(function (name) { drawBorder(closedRings(name), "border-" + name, limits); });
  }
  drawBorder(closedRings("all"), "outline", map);
  drawLimits();

  var layer = L.layerGroup().addTo(map);
  var names = L.layerGroup().addTo(map);
  var shown = {};  // place number -> marker
  var chosen = null;
  var closed = new Set();  // places that an essay closes

  function iconOf(n) {
    var column = data.demarches[chosenDemarche.value];
    var role = items[n].dataset.role;
    var sign = column ? helpSigns[SIGNS[data.places[n][1][column[0]]]] : placeSigns[role];
    var size = role === "other" && !column ? 12 : 18;
    if (n === chosen) size += 10;
    var html = sign.cloneNode(true);
    if (closed.has(n)) html.append(cross("cross-edge"), cross("cross"));
    return L.divIcon({ html: html, className: "mark" + (n === chosen ? " chosen" : ""), iconSize: [size, size] });
  }

  function cross(style) {
    var path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("class", style);
    path.setAttribute("d", "M1 1 19 19M19 1 1 19");
    return path;
  }

  function tellHelp(n, help) {
    items[n].querySelector(".help").textContent = (help ? " · " + HELP[help] : "") + (closed.has(n) ? " · fermée dans l’essai" : "");
  }

  // Which places an essay closes, by number; only those that change are drawn again.
  function close(numbers) {
    var before = closed, column = data.demarches[chosenDemarche.value];
    closed = new Set(numbers);
    items.forEach(function (_, n) {
      if (before.has(n) === closed.has(n)) return;
      tellHelp(n, column ? data.places[n][1].charAt(column[0]) : null);
      if (shown[n]) shown[n].setIcon(iconOf(n));
    });
  }

  function draw() {
    var column = data.demarches[chosenDemarche.value];
    var wanted = plain(text.value), kept = 0;
    layer.clearLayers();
    shown = {};
    items.forEach(function (item, n) {
      var help = column ? data.places[n][1].charAt(column[0]) : null;
      var visible = (others.checked || item.dataset.role !== "other" || (help && help !== "u")) && (!wanted || item.dataset.words.indexOf(wanted) >= 0);
      item.hidden = !visible;
      tellHelp(n, help);
      item.querySelector("summary > svg").replaceWith((help ? helpSigns[SIGNS[help]] : placeSigns[item.dataset.role]).cloneNode(true));
      if (!visible) return;
      kept += 1;
      if (data.places[n][0]) {
        // The list is the way of the keyboard: a hundred more tab stops would help nobody.
        shown[n] = L.marker(data.places[n][0], { icon: iconOf(n), keyboard: false, zIndexOffset: item.dataset.role === "other" ? 0 : 500 });
        shown[n].bindTooltip(document.createTextNode(item.querySelector(".name").textContent));
        shown[n].on("click", function () { open(n); }).addTo(layer);
      }
    });
    count.textContent = kept === items.length ? kept + " lieux, les France services d’abord." : kept + " lieux sur " + items.length + ".";
    sentence.textContent = column ? column[1] : "";
    document.getElementById("legende-lieux").hidden = !!column;
    document.getElementById("legende-aide").hidden = !column;
    write();
  }

  // Names of communes beside their marks, where there is room: right, left, above, below, else not written.
  var pen = document.createElement("canvas").getContext("2d");
  function write() {
    names.clearLayers();
    pen.font = "600 14px " + getComputedStyle(document.body).fontFamily;
    var taken = [], said = new Set(), size = map.getSize(), numbers = Object.keys(shown);
    numbers.forEach(function (n) {
      var at = map.latLngToContainerPoint(data.places[n][0]);
      if (items[n].dataset.role !== "other") taken.push([at.x - 9, at.y - 9, at.x + 9, at.y + 9]);
    });
    numbers.forEach(function (n) {
      var name = data.places[n][2];
      if (items[n].dataset.role === "other" || items[n].dataset.role === "itinerant" || said.has(name)) return;
      var at = map.latLngToContainerPoint(data.places[n][0]), w = pen.measureText(name).width + 2, h = 16;
      [[12, -h / 2], [-12 - w, -h / 2], [-w / 2, -12 - h], [-w / 2, 12]].some(function (step) {
        var box = [at.x + step[0], at.y + step[1], at.x + step[0] + w, at.y + step[1] + h];
        var free = box[0] >= 0 && box[1] >= 0 && box[2] <= size.x && box[3] <= size.y && !taken.some(function (one) {
          return box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3];
        });
        if (!free) return false;
        taken.push(box);
        said.add(name);
        var span = document.createElement("span");
        span.textContent = name;
        span.setAttribute("aria-hidden", "true");
        L.marker(data.places[n][0], { interactive: false, keyboard: false, icon: L.divIcon({ html: span, className: "name-label", iconSize: [w, h], iconAnchor: [-step[0], -step[1]] }) }).addTo(names);
        return true;
      });
    });
  }

  function open(n) {
    var details = items[n].querySelector("details");
    details.open = true;
    details.querySelector("summary").focus({ preventScroll: true });
    document.getElementById("lieux").scrollTop = items[n].offsetTop;
  }

  function choose(n) {
    var before = chosen;
    chosen = n;
    [before, n].forEach(function (one) { if (one !== null && shown[one]) shown[one].setIcon(iconOf(one)); });
    if (n !== null && data.places[n][0] && !map.getBounds().contains(data.places[n][0])) map.panTo(data.places[n][0], { animate: false });
  }

  function plain(words) {
    return words.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[’']/g, " ").trim();
  }

  items.forEach(function (item, n) {
    item.dataset.words = plain(item.querySelector("summary").textContent);
    item.querySelector("details").addEventListener("toggle", function (event) {
      if (event.target.open) {
        items.forEach(function (other) { if (other !== item) other.querySelector("details").open = false; });
        choose(n);
      } else if (chosen === n) { choose(null); }
    });
  });
  if (!bounds.isValid()) data.places.forEach(function (place) { if (place[0]) bounds.extend(place[0]); });
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12] }); else map.setView([46.5, 2.5], 5);
  map.on("moveend", write);
  document.getElementById("filtres").addEventListener("submit", function (event) { event.preventDefault(); });
  chosenDemarche.addEventListener("change", draw);
  others.addEventListener("change", draw);
  text.addEventListener("input", draw);
  draw();

  // What the simulator, where there is one, needs of the page.
  window.Carte = {
    data: data, items: items, map: map, bounds: bounds, areas: areas, limits: limits, signs: placeSigns,
    drawBorder: drawBorder, drawLimits: drawLimits, close: close
  };
})();
