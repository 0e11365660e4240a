// What a set of moves changes, from the columns of fs_pipeline/coverage/simulator.py: least minutes, sums of inhabitants, and
// of whom one column or another is sure. No minutes are computed here. Pure: the page and the tests run this same file.
var Simulation = (function () {
  "use strict";
  var FLAGS = 16;

  // The columns as numbers, once. `table`: signs, beyond (tenths), thresholds, population, computed and commune of each point,
  // and the columns around, stops, houses and halls (texts).
  function prepare(table) {
    var signs = table.signs, base = signs.length, nothing = table.beyond * FLAGS;
    var firstGap = Math.floor(nothing / base) + 1, shortGaps = base - firstGap - 1;
    var rank = {};
    for (var i = 0; i < base; i++) rank[signs.charCodeAt(i)] = i;
    function read(text) {
      var values = new Uint16Array(table.population.length).fill(nothing), at = 0;
      for (var i = 0; i < text.length; i++) {
        var lead = rank[text.charCodeAt(i)];
        if (lead < firstGap) { i += 1; values[at] = lead * base + rank[text.charCodeAt(i)]; at += 1; }
        else if (lead < base - 1) at += lead - firstGap + 1;
        else { i += 1; at += rank[text.charCodeAt(i)] + shortGaps + 1; }
      }
      return values;
    }
    var points = table.population.map(function (_, n) { return n; });
    var ofCommune = [];
    points.forEach(function (n) { (ofCommune[table.commune[n]] = ofCommune[table.commune[n]] || []).push(n); });
    var ready = {
      beyond: table.beyond, thresholds: table.thresholds, population: table.population, ofCommune: ofCommune,
      // Who is gained or lost for sure is counted among those of whom a time could be asked today, as levers do.
      people: table.population.map(function (inhabitants, n) { return table.computed[n] ? inhabitants : 0; }),
      around: read(table.around), stops: read(table.stops), houses: table.houses.map(read), halls: table.halls.map(read),
      houseOf: table.houseOf, roomOf: table.roomOf, longer: table.longer, comes: {}
    };
    ready.rooms = table.rooms.map(function (room) { return typeof room === "number" ? ready.houses[room] : read(room); });
    ready.demarches = table.demarches.map(function (one) { return { around: read(one.around), confirmed: one.confirmed }; });
    Object.keys(table.comes).forEach(function (house) { ready.comes[house] = read(table.comes[house]); });
    ready.windows = table.windows.map(function (one) {
      return one.lacking.map(function (text) {
        return Float64Array.from(text, function (sign) { return rank[sign.charCodeAt(0)] / one.instants; });
      });
    });
    ready.today = near(ready, openColumns(ready, { closed: [], opened: [] }));
    return ready;
  }

  function openColumns(ready, moves) {
    var closed = new Set(moves.closed);
    var open = ready.houses.filter(function (_, n) { return !closed.has(n); });
    return [ready.around].concat(open, moves.opened.map(function (n) { return ready.halls[n]; }));
  }

  // Of each point, the least tenths of a minute over the columns, and what any of them says.
  function near(ready, columns) {
    var size = ready.population.length;
    var tenths = new Uint16Array(size).fill(ready.beyond), said = new Uint8Array(size);
    columns.forEach(function (column) {
      for (var n = 0; n < size; n++) {
        var value = column[n], minutes = value >> 4;
        if (minutes < tenths[n]) tenths[n] = minutes;
        said[n] |= value & 15;
      }
    });
    return { tenths: tenths, said: said };
  }

  function sum(people, chosen) {
    var total = 0;
    for (var n = 0; n < people.length; n++) if (chosen(n)) total += people[n];
    return total;
  }

  // A commune is as far as its median inhabitant: the farthest of the points that less than half of it precedes.
  function median(ready, tenths, points) {
    if (points.length === 1) return tenths[points[0]];
    var whole = 0, nearer = 0, found = 0;
    var order = points.slice().sort(function (a, b) { return tenths[a] - tenths[b] || a - b; });
    order.forEach(function (n) { whole += ready.population[n]; });
    order.forEach(function (n, place) {
      if (place === 0 || nearer * 2 < whole) found = tenths[n];
      nearer += ready.population[n];
    });
    return found;
  }

  // Who would come to a house that opens longer and finds no door open then today, on an average of the window, each once.
  function longer(ready, moves, place) {
    var most = new Float64Array(ready.population.length), closed = new Set(moves.closed);
    (moves.hours || []).forEach(function (number) {
      var house = ready.longer[number][0], lacking = ready.windows[ready.longer[number][1]][place], comes = ready.comes[house];
      if (closed.has(house)) return;
      for (var n = 0; n < most.length; n++) if (comes[n] & (1 << place)) most[n] = Math.max(most[n], lacking[n]);
    });
    var total = 0;
    for (var n = 0; n < most.length; n++) total += ready.people[n] * most[n];
    return total;
  }

  // Of each démarche that a move opens somewhere: who is near a place that confirms it, today and then.
  function ofDemarches(ready, moves) {
    var added = moves.demarches || [], gone = new Set(moves.closed.map(function (house) { return ready.houseOf[house]; }));
    var chosen = Array.from(new Set(added.map(function (one) { return one.demarche; })));
    return chosen.map(function (demarche) {
      var known = ready.demarches[demarche];
      function columns(rooms) { return rooms.map(function (room) { return ready.rooms[room]; }); }
      function stays(room) { return !gone.has(ready.roomOf[room]); }
      var opened = added.filter(function (one) { return one.demarche === demarche; }).map(function (one) { return one.room; }).filter(stays);
      var today = near(ready, [known.around].concat(columns(known.confirmed)));
      var now = near(ready, [known.around].concat(columns(known.confirmed.filter(stays)), columns(opened)));
      var sure = near(ready, columns(opened)), found = { demarche: demarche, today: [], within: [], gained: [] };
      ready.thresholds.forEach(function (threshold, place) {
        found.today.push(sum(ready.population, function (n) { return today.tenths[n] <= threshold * 10; }));
        found.within.push(sum(ready.population, function (n) { return now.tenths[n] <= threshold * 10; }));
        found.gained.push(sum(ready.people, function (n) { return !(today.said[n] & (4 << place)) && sure.said[n] & (1 << place); }));
      });
      return found;
    });
  }

  // What is so with `moves` (closed: houses, opened and stops: halls, hours: of `longer`, by number; demarches:
  // demarche and room), and what of it is certain beside today.
  // within, gained, lost, byStop: inhabitants, one number a threshold; communes: tenths of a minute, `beyond` where farther.
  function effect(ready, moves) {
    var now = near(ready, openColumns(ready, moves)), today = ready.today;
    var opened = near(ready, moves.opened.map(function (n) { return ready.halls[n]; }));
    var stops = near(ready, moves.stops.map(function (n) { return ready.halls[n]; }));
    var result = { tenths: now.tenths, within: [], gained: [], lost: [], byStop: [], hours: [] };
    ready.thresholds.forEach(function (threshold, place) {
      var surely = 1 << place, perhaps = 4 << place;
      result.within.push(sum(ready.population, function (n) { return now.tenths[n] <= threshold * 10; }));
      result.gained.push(sum(ready.people, function (n) { return !(today.said[n] & perhaps) && opened.said[n] & surely; }));
      result.lost.push(sum(ready.people, function (n) { return today.said[n] & surely && !(now.said[n] & perhaps); }));
      result.hours.push(longer(ready, moves, place));
      // A stop counts for who is near neither a house, of before or of now, nor another stop.
      result.byStop.push(sum(ready.people, function (n) {
        return !((today.said[n] | now.said[n] | ready.stops[n]) & perhaps) && stops.said[n] & surely;
      }));
    });
    result.demarches = ofDemarches(ready, moves);
    result.communes = ready.ofCommune.map(function (points) { return median(ready, now.tenths, points); });
    return result;
  }

  return { prepare: prepare, effect: effect };
})();
if (typeof module !== "undefined") module.exports = Simulation;
