// Rings of contours as points, and the lines between the communes that are within a limit and those that are not.
// Pure: no map is drawn here.
var Limits = (function () {
  "use strict";

  // The points of rings written as steps (cartography/web_geometry.py), in whole units: [x, y].
  function points(rings) {
    return rings.map(function (steps) {
      var x = 0, y = 0, found = [];
      for (var i = 0; i < steps.length; i += 2) { x += steps[i]; y += steps[i + 1]; found.push([x, y]); }
      return found;
    });
  }

  // The edges of all contours, each once, and which are whose.
  function edges(contours) {
    var numbers = new Map(), ends = [];
    var ofCommune = contours.map(function (rings) {
      var own = [];
      points(rings).forEach(function (ring) {
        ring.forEach(function (point, n) {
          var next = ring[(n + 1) % ring.length], one = point.join(), other = next.join();
          var name = one < other ? one + " " + other : other + " " + one;
          if (!numbers.has(name)) { numbers.set(name, ends.length); ends.push([one, other, point, next]); }
          own.push(numbers.get(name));
        });
      });
      return own;
    });
    return { ends: ends, ofCommune: ofCommune };
  }

  // The edges of one commune alone among those that are inside, end to end: lists of points.
  function around(known, inside) {
    var odd = new Uint8Array(known.ends.length), from = new Map();
    known.ofCommune.forEach(function (own, n) {
      if (inside(n)) own.forEach(function (edge) { odd[edge] ^= 1; });
    });
    function leave(end, edge) { if (from.has(end)) from.get(end).push(edge); else from.set(end, [edge]); }
    odd.forEach(function (is, edge) { if (is) { leave(known.ends[edge][0], edge); leave(known.ends[edge][1], edge); } });
    var lines = [];
    odd.forEach(function (is, first) {
      if (!odd[first]) return;
      var edge = first, end = known.ends[first][1], line = [known.ends[first][2]];
      while (edge !== undefined) {
        odd[edge] = 0;
        line.push(known.ends[edge][0] === end ? known.ends[edge][2] : known.ends[edge][3]);
        edge = from.get(end).find(function (one) { return odd[one]; });
        if (edge !== undefined) end = known.ends[edge][0] === end ? known.ends[edge][1] : known.ends[edge][0];
      }
      lines.push(line);
    });
    return lines;
  }

  return { points: points, edges: edges, around: around };
})();
if (typeof module !== "undefined") module.exports = Limits;
