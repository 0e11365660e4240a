// What the page draws, by Leaflet: for the single file, which opens from disk. drawing_maplibre.js draws the same on tiles, and
// what decides of what is shown knows neither of them. No request leaves the page, and what data say is only ever text: Leaflet
// takes strings for HTML, so it is given nodes.
var Drawing = (function () {
  "use strict";

  // `told`: the words of a commune, by its number; `label`: what the map is called.
  function open(box, data, told, label) {
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", label);
    var map = L.map(box, { zoomControl: false, attributionControl: false, zoomSnap: 0.25, keyboard: true, fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire", position: "bottomright" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);

    function degrees(point) { return [point[1] / data.units, point[0] / data.units]; }
    function ringsOf(rings) {
      return Limits.points(rings).map(function (ring) { return ring.map(degrees); });
    }
    // One tooltip for all communes: bound to each, Leaflet listens for their focus, and browsers make hundreds of tab stops.
    var tip = L.tooltip({ offset: [12, 0] }), clicked = [];
    var bounds = L.latLngBounds([]), areas = [], looks = [];
    data.contours.forEach(function (rings, n) {
      if (!rings.length) return;
      looks[n] = data.communes[n][3];
      var area = L.polygon(ringsOf(rings), { className: looks[n], weight: 0.8, color: "#fff", fillOpacity: 1, fillRule: "evenodd", fillColor: null, smoothFactor: 0.5 });
      area.on("mouseover mousemove click", function (event) {
        tip.setContent(document.createTextNode(told(n))).setLatLng(event.latlng).addTo(map);
      });
      area.on("click", function () { clicked.forEach(function (tell) { tell(n); }); });
      area.on("mouseout", function () { tip.remove(); });
      area.addTo(map);
      areas[n] = area;
      bounds.extend(area.getBounds());
    });

    // The near threshold is a plain line, the far one a dashed one: they never rest on colour.
    var dots = L.layerGroup().addTo(map), lines = L.layerGroup().addTo(map), mark = L.layerGroup().addTo(map);
    function border(points, style, into) {
      points.forEach(function (line) {
        L.polyline(line, { className: style, interactive: false, weight: null, color: null, opacity: null, smoothFactor: 0.5 }).addTo(into);
      });
    }
    function closedRings(name) {
      return ringsOf(data.borders[name]).map(function (ring) { return ring.concat([ring[0]]); });
    }
    border(closedRings("all"), "outline", map);
    var edges = null;
    function ready() { edges = edges || Limits.edges(data.contours); }

    // The look of each commune: a class of minutes and, where the label alone helps, `by-label`.
    function colour(now) {
      dots.clearLayers();
      now.forEach(function (look, n) {
        if (!areas[n]) return;
        if (look.indexOf(" by-label") > 0) L.polygon(ringsOf(data.contours[n]), { className: "dots", interactive: false, stroke: false, fillColor: null, fillOpacity: 1, fillRule: "evenodd", smoothFactor: 0.5 }).addTo(dots);
        if (look === looks[n]) return;
        var shape = areas[n].getElement();
        shape.classList.remove.apply(shape.classList, looks[n].split(" "));
        shape.classList.add.apply(shape.classList, look.split(" "));
        looks[n] = look;
      });
    }
    // Who is within each limit; null for those that came with the page.
    function limit(within) {
      lines.clearLayers();
      if (within) ready();
      ["far", "near"].forEach(function (name) {
        border(within ? Limits.around(edges, within[name]).map(function (line) { return line.map(degrees); }) : closedRings(name), "border-" + name, lines);
      });
    }
    // Lists of communes that are outlined together.
    var outlined = L.layerGroup().addTo(map);
    function zones(lists) {
      outlined.clearLayers();
      if (lists.length) ready();
      lists.forEach(function (numbers) {
        var inside = new Set(numbers), lines = Limits.around(edges, function (n) { return inside.has(n); });
        lines = lines.map(function (line) { return line.map(degrees); });
        ["zone-edge", "zone"].forEach(function (style) { border(lines, style, outlined); });
      });
    }
    function find(n) {
      mark.clearLayers();
      if (n === null || !areas[n]) return;
      L.polygon(ringsOf(data.contours[n]), { className: "found", interactive: false, weight: null, color: null, fill: false }).addTo(mark);
      map.fitBounds(areas[n].getBounds(), { padding: [60, 60], maxZoom: 11, animate: false });
    }

    // Marks: { at, node, size, className, words, order, anchor, click }, words and what follows as they may be.
    function icon(one) {
      return L.divIcon({ html: one.node, className: one.className, iconSize: one.size, iconAnchor: one.anchor });
    }
    function marker(one, into) {
      // The list is the way of the keyboard: a hundred more tab stops would help nobody.
      var made = L.marker(one.at, { icon: icon(one), keyboard: false, interactive: !!one.words, zIndexOffset: one.order || 0 });
      if (one.words) made.bindTooltip(document.createTextNode(one.words));
      if (one.click) made.on("click", one.click);
      return made.addTo(into);
    }
    var layers = {}, places = L.layerGroup().addTo(map), placed = {};
    function put(name, marks) {
      layers[name] = layers[name] || L.layerGroup().addTo(map);
      layers[name].clearLayers();
      marks.forEach(function (one) { marker(one, layers[name]); });
    }
    // The marks of places, by their number; `again` draws some of them as they are now.
    function place(marks) {
      places.clearLayers();
      placed = {};
      Object.keys(marks).forEach(function (n) { placed[n] = marker(marks[n], places); });
    }
    function again(marks) {
      Object.keys(marks).forEach(function (n) { if (placed[n]) placed[n].setIcon(icon(marks[n])); });
    }

    // `box`: west, south, east, north.
    function go(box) {
      map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [12, 12], maxZoom: 11, animate: false });
    }
    function whole(padding) {
      if (!bounds.isValid()) data.places.forEach(function (one) { if (one[0]) bounds.extend(one[0]); });
      if (bounds.isValid()) map.fitBounds(bounds, { padding: [padding, padding], animate: false }); else map.setView([46.5, 2.5], 5);
    }
    return {
      map: map, colour: colour, limit: limit, zones: zones, ready: ready, find: find, put: put, place: place, again: again, go: go, whole: whole,
      clicked: function (tell) { clicked.push(tell); },
      moved: function (tell) { map.on("moveend", tell); },
      pixel: function (at) { return map.latLngToContainerPoint(at); },
      size: function () { return map.getSize(); },
      reach: function (at) { if (!map.getBounds().contains(at)) map.panTo(at, { animate: false }); },
      resized: function () { map.invalidateSize({ animate: false }); },
      view: function () { return [map.getCenter(), map.getZoom()]; },
      look: function (view) { map.setView(view[0], view[1], { animate: false }); }
    };
  }

  return { open: open };
})();
