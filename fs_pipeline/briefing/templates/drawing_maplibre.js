// What the page draws, by MapLibre GL on tiles of one PMTiles file beside it: for whoever serves the folder. It gives what
// drawing_leaflet.js gives. What is asked of it before the style is read is done then; of each thing, the last that was asked.
var Drawing = (function () {
  "use strict";
  var RATIO = 2;  // points of an icon a pixel
  var SOURCE = "tiles", PLACES = "lieux", TILED = { stops: "arrets" };
  // One archive read as three sources: what is chosen of places or limits is laid out again without the communes.
  var SOURCES = { communes: SOURCE, zones: SOURCE, limites: "lines", lieux: "places", arrets: "places" };

  // The file: all of it at once where it is small, else in pieces; all of it where the server gives no pieces.
  function Archive(url, small) {
    var whole = null, pieces = new Map();  // each asked for once, whichever source wants it
    function all(answer) { return answer.arrayBuffer(); }
    this.getKey = function () { return "carte"; };
    async function piece(offset, length) {
      if (small && !whole) whole = fetch(url).then(all);
      if (!whole) {
        var answer = await fetch(url, { headers: { Range: "bytes=" + offset + "-" + (offset + length - 1) } });
        if (answer.status === 206) return all(answer);
        whole = whole || all(answer);
      }
      return (await whole).slice(offset, offset + length);
    }
    this.getBytes = async function (offset, length) {
      var name = offset + "+" + length;
      if (!pieces.has(name)) {
        pieces.set(name, piece(offset, length));
        pieces.get(name).catch(function () { pieces.delete(name); });  // asked for again
      }
      return { data: await pieces.get(name) };
    };
  }

  // Colours are those of the legend, so that they are written once.
  function fillOf(look) { return getComputedStyle(document.querySelector(".legend rect." + look)).fill; }
  function strokeOf(look) { return getComputedStyle(document.querySelector(".legend path." + look)).stroke; }

  // A pattern of `side` pixels, painted by `paint`; it needs no image from anywhere.
  function pattern(side, paint) {
    var canvas = document.createElement("canvas");
    canvas.width = canvas.height = side * RATIO;
    var pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.scale(RATIO, RATIO);
    paint(pen, side);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }
  function hatched(pen, side) {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, side, side);
    pen.strokeStyle = "#66738c";
    pen.lineWidth = 1.5;
    pen.beginPath();
    [-side, 0, side].forEach(function (at) { pen.moveTo(at, side); pen.lineTo(at + side, 0); });
    pen.stroke();
  }
  function dotted(pen, side) {
    [["#fff", 1.8], ["#46536e", 1.1]].forEach(function (ring) {
      pen.fillStyle = ring[0];
      pen.beginPath();
      pen.arc(side / 2, side / 2, ring[1], 0, 7);
      pen.fill();
    });
  }

  // The icon of a mark, as its style sheet draws it in the single file: a ring where it is chosen, dashes where it is doubtful.
  function pictureOf(mark) {
    var size = mark.size[0], edge = 4, side = size + 2 * edge, chosen = mark.className.indexOf("chosen") >= 0;
    var node = mark.node.cloneNode(true);
    node.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    node.setAttribute("width", size * RATIO);
    node.setAttribute("height", size * RATIO);
    var image = new Image();
    image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(node));
    return image.decode().then(function () {
      return pattern(side, function (pen) {
        function ring(radius, fill, stroke, dashes) {
          pen.beginPath();
          pen.arc(side / 2, side / 2, radius, 0, 7);
          if (fill) { pen.fillStyle = fill; pen.fill(); }
          pen.setLineDash(dashes);
          pen.strokeStyle = stroke;
          pen.lineWidth = 1.8;
          pen.stroke();
        }
        if (chosen) ring(size / 2, "#f2a33a", "#14213d", []);
        else if (mark.className.indexOf("doubtful") >= 0) ring(size / 2 + 2, null, "#14213d", [2, 2]);
        pen.shadowColor = "#fff";
        pen.shadowBlur = 3;
        var inner = chosen ? size - 8 : size, at = (side - inner) / 2;
        pen.drawImage(image, at, at, inner, inner);
      });
    });
  }

  function styleOf(data) {
    // Where no choice changes a colour, what could change is not made ready: of 35 000 communes it would be felt.
    var still = !Object.keys(data.demarches).length && !data.simulation && !data.need.length;
    var seen = ["coalesce", ["feature-state", "look"], ["get", "look"]];
    var fill = ["match", seen];
    ["m1", "m2", "m3", "m4", "m5"].forEach(function (look) { fill.push(look, fillOf(look)); });
    fill.push("#fff");
    function layer(id, type, from, paint, more) {
      return Object.assign({ id: id, type: type, source: SOURCES[from], "source-layer": from, paint: paint }, more || {});
    }
    var nowhere = ["==", ["get", "a"], -2], limit = { filter: nowhere, layout: { "line-join": "round" }, minzoom: data.linesFrom || 0 };
    // Over the whole country a place is a point.
    var sizes = data.linesFrom ? ["interpolate", ["linear"], ["zoom"], 4, 0.22, 6, 0.45, 8, 1] : 1;
    var icons = { filter: ["==", ["get", "n"], -1], layout: { "icon-image": "", "icon-size": sizes, "icon-allow-overlap": true, "icon-ignore-placement": true } };
    return {
      version: 8,
      sources: {
        tiles: { type: "vector", url: "pmtiles://carte", promoteId: { communes: "n" } },
        lines: { type: "vector", url: "pmtiles://carte" },
        places: { type: "vector", url: "pmtiles://carte" }
      },
      layers: [
        { id: "paper", type: "background", paint: { "background-color": "#fff" } },
        layer("communes", "fill", "communes", { "fill-color": fill, "fill-antialias": false }),
        layer("hatched", "fill", "communes", { "fill-pattern": "hatched", "fill-opacity": ["case", ["==", seen, "none"], 1, 0] }, still ? { filter: ["==", ["get", "look"], "none"] } : {}),
        !still && layer("dotted", "fill", "communes", { "fill-pattern": "dotted", "fill-opacity": ["case", ["boolean", ["feature-state", "label"], false], 1, 0] }),
        layer("lines", "line", "limites", { "line-color": "#fff", "line-width": 0.8 }, { filter: [">=", ["get", "b"], 0], minzoom: data.linesFrom || 0 }),
        layer("outline", "line", "limites", { "line-color": "#66738c", "line-width": 1 }, { filter: ["any", ["<", ["get", "b"], 0], ["==", ["get", "dep"], true]] }),
        layer("far", "line", "limites", { "line-color": strokeOf("border-far"), "line-width": 1.8, "line-dasharray": [3, 2] }, limit),
        layer("near", "line", "limites", { "line-color": strokeOf("border-near"), "line-width": 1.8 }, limit),
        layer("zone-edge", "line", "zones", { "line-color": "#fff", "line-width": 5 }, { layout: { visibility: "none" } }),
        layer("zone", "line", "zones", { "line-color": "#9b1c3a", "line-width": 2.5 }, { layout: { visibility: "none" } }),
        layer("found-edge", "line", "communes", { "line-color": "#14213d", "line-width": 6 }, { filter: ["==", ["get", "n"], -1] }),
        layer("found", "line", "communes", { "line-color": "#f2a33a", "line-width": 4 }, { filter: ["==", ["get", "n"], -1] }),
        layer("arrets", "symbol", "arrets", {}, icons),
        layer("lieux", "symbol", "lieux", {}, icons)
      ].filter(Boolean)
    };
  }

  function open(box, data, told, label) {
    var protocol = new pmtiles.Protocol();
    protocol.add(new pmtiles.PMTiles(new Archive(data.archive.file, data.archive.small)));
    maplibregl.addProtocol("pmtiles", protocol.tile);
    maplibregl.setWorkerUrl(new URL("maplibre-gl-worker.js", document.baseURI).href);
    var map = new maplibregl.Map({
      container: box, style: styleOf(data), attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      renderWorldCopies: false, fadeDuration: 0, maxZoom: 14, minZoom: 3, center: [2.5, 46.5], zoom: 4,
      canvasContextAttributes: { preserveDrawingBuffer: !!data.simulation },  // else no essay is printed
      locale: { "Map.Title": label, "NavigationControl.ZoomIn": "Agrandir", "NavigationControl.ZoomOut": "Réduire" }
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-right");
    map.addControl(new maplibregl.ScaleControl({}), "bottom-left");
    map.on("idle", function () { box.dataset.drawn = "true"; });

    var asked = {}, styled = false;
    function later(name, act) { if (styled) act(); else asked[name] = act; }
    map.on("style.load", function () {
      map.addImage("hatched", pattern(8, hatched), { pixelRatio: RATIO });
      map.addImage("dotted", pattern(9, dotted), { pixelRatio: RATIO });
      styled = true;
      Object.keys(asked).forEach(function (name) { asked[name](); });
    });

    var base = data.communes.map(function (commune) { return commune[3]; }), looks = base.slice();
    function colour(now) {
      later("colour", function () {
        now.forEach(function (look, n) {
          if (look === looks[n]) return;
          var words = look.split(" ");
          map.setFeatureState({ source: SOURCE, sourceLayer: "communes", id: n }, { look: words[0], label: words.length > 1 });
          looks[n] = look;
        });
      });
    }
    // Communes within a limit, of those that came with the page: their class ends there, or before.
    function isWithin(tenths) {
      var ends = {};
      data.classes.forEach(function (one) { ends[one[0]] = one[1]; });
      return function (n) { return ends[base[n]] <= tenths; };
    }
    function limit(within) {
      later("limit", function () {
        ["near", "far"].forEach(function (name, at) {
          var inside = within ? within[name] : isWithin(data.limits[at]), numbers = [-2];
          base.forEach(function (_, n) { if (inside(n)) numbers.push(n); });
          function among(side) { return ["match", ["get", side], numbers, true, false]; }
          map.setFilter(name, ["!=", among("a"), among("b")]);
        });
      });
    }
    // The areas are in the tiles: the same as the lists say.
    function zones(lists) {
      later("zones", function () {
        ["zone-edge", "zone"].forEach(function (name) { map.setLayoutProperty(name, "visibility", lists.length ? "visible" : "none"); });
      });
    }
    function go(box, padding) {
      map.fitBounds([[box[0], box[1]], [box[2], box[3]]], { padding: padding === undefined ? 12 : padding, maxZoom: 10, animate: false });
    }
    function find(n) {
      var box = n === null ? null : data.boxes[n];
      later("find", function () {
        ["found-edge", "found"].forEach(function (name) { map.setFilter(name, ["==", ["get", "n"], n === null ? -1 : n]); });
      });
      if (box) go(box.length > 2 ? box : box.concat(box), 60);
    }

    // Marks that tiles hold, by their number: an image for each kind of mark, and which numbers bear it.
    var images = {}, kept = {}, turn = {};
    function keyOf(mark) { return [mark.kind || "", mark.className, mark.size[0]].join("|"); }
    function imageOf(mark) {
      var key = keyOf(mark);
      images[key] = images[key] || pictureOf(mark).then(function (picture) {
        if (!map.hasImage(key)) map.addImage(key, picture, { pixelRatio: RATIO });
      });
      return images[key];
    }
    function symbols(layer, marks) {
      kept[layer] = marks;
      var mine = turn[layer] = (turn[layer] || 0) + 1;
      later("symbols " + layer, function () {
        var numbers = Object.keys(marks).map(Number), byKey = {};
        numbers.forEach(function (n) {
          var key = keyOf(marks[n]);
          (byKey[key] = byKey[key] || []).push(n);
        });
        Promise.all(Object.keys(byKey).map(function (key) { return imageOf(marks[byKey[key][0]]); })).then(function () {
          if (turn[layer] !== mine) return;
          var icon = ["match", ["get", "n"]], order = ["match", ["get", "n"]];
          Object.keys(byKey).forEach(function (key) {
            icon.push(byKey[key], key);
            order.push(byKey[key], (marks[byKey[key][0]].order || 0) + (key.indexOf("chosen") >= 0 ? 100 : 0));
          });
          map.setFilter(layer, numbers.length ? ["match", ["get", "n"], numbers, true, false] : ["==", ["get", "n"], -1]);
          map.setLayoutProperty(layer, "icon-image", numbers.length ? icon.concat("") : "");
          map.setLayoutProperty(layer, "symbol-sort-key", numbers.length ? order.concat(0) : 0);
        });
      });
    }
    var elements = {};
    function put(name, marks) {
      if (TILED[name]) {
        var byNumber = {};
        marks.forEach(function (one) { byNumber[one.n] = one; });
        symbols(TILED[name], byNumber);
        return;
      }
      (elements[name] || []).forEach(function (one) { one.remove(); });
      elements[name] = marks.map(function (one) {
        var node = document.createElement("div"), anchor = one.anchor || [one.size[0] / 2, one.size[1] / 2];
        node.className = one.className;
        node.style.width = one.size[0] + "px";
        node.style.height = one.size[1] + "px";
        node.append(one.node);
        if (one.words) { node.title = one.words; node.setAttribute("role", "img"); node.setAttribute("aria-label", one.words); } else node.setAttribute("aria-hidden", "true");
        var made = new maplibregl.Marker({ element: node, anchor: "top-left", offset: [-anchor[0], -anchor[1]] }).setLngLat([one.at[1], one.at[0]]).addTo(map);
        if (!one.words) node.removeAttribute("role");
        return made;
      });
    }
    function place(marks) { symbols(PLACES, marks); }
    function again(marks) { place(Object.assign({}, kept[PLACES], marks)); }

    // What is under the pointer: a place before a stop before a commune.
    var tip = document.createElement("div"), clicked = [];
    tip.className = "tip";
    tip.hidden = true;
    box.append(tip);
    function under(event) {
      var found = styled ? map.queryRenderedFeatures(event.point, { layers: [PLACES, "arrets", "communes"] }) : [];
      return found[0] || null;
    }
    function say(event, feature) {
      tip.hidden = !feature;
      if (!feature) return;
      var n = feature.properties.n, mark = (kept[feature.layer.id] || {})[n];
      tip.textContent = mark ? mark.words : told(n);
      tip.style.transform = "translate(" + Math.min(event.point.x + 14, box.clientWidth - 260) + "px," + (event.point.y + 14) + "px)";
    }
    map.on("mousemove", function (event) { say(event, under(event)); });
    map.on("mouseout", function () { tip.hidden = true; });
    map.on("click", function (event) {
      var feature = under(event);
      say(event, feature);
      if (!feature) return;
      var n = feature.properties.n, mark = (kept[feature.layer.id] || {})[n];
      if (mark && mark.click) mark.click();
      else if (feature.layer.id === "communes") clicked.forEach(function (tell) { tell(n); });
    });

    var edges = data.bounds;
    return {
      map: map, colour: colour, limit: limit, zones: zones, ready: function () {}, find: find, go: go, put: put, place: place, again: again,
      whole: function (padding) { if (edges) go(edges, padding); },
      clicked: function (tell) { clicked.push(tell); },
      moved: function (tell) { map.on("moveend", tell); },
      pixel: function (at) { return map.project([at[1], at[0]]); },
      size: function () { return { x: box.clientWidth, y: box.clientHeight }; },
      reach: function (at) { if (!map.getBounds().contains([at[1], at[0]])) map.jumpTo({ center: [at[1], at[0]] }); },
      resized: function () { map.resize(); },
      view: function () { return [map.getCenter(), map.getZoom()]; },
      look: function (view) { map.jumpTo({ center: view[0], zoom: view[1] }); }
    };
  }

  return { open: open };
})();
