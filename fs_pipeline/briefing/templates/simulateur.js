// The simulator's form, its figures and what it changes of the map and of the list; the arithmetic is in simulation.js.
(function () {
  "use strict";
  var page = window.Carte, table = page.data.simulation, ready = Simulation.prepare(table);
  var SHOWN = 12;  // communes that change, of those that are told
  var moves = [];  // { kind, number } in the order they were chosen
  var today = Simulation.effect(ready, sets([]));
  function get(id) { return document.getElementById(id); }
  var kind = get("geste"), where = get("ou"), what = get("quoi"), list = get("choisis");

  function sets(chosen) {
    var found = { opened: [], closed: [], stops: [], hours: [], demarches: [] };
    chosen.forEach(function (move) {
      found[move.kind].push(move.kind === "demarches" ? { demarche: move.demarche, room: move.number } : move.number);
    });
    return found;
  }

  // French, as fs_pipeline/french.py writes it.
  function number(value) {
    return String(Math.floor(Math.abs(value) + 0.5 + 1e-6)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  }
  function people(value) { return number(value) + "\u00a0habitant" + (Math.floor(value + 0.5) < 2 ? "" : "s"); }
  function change(value) { return number(value) === "0" ? "0" : (value < 0 ? "\u2212" : "+") + number(value); }
  function minutes(tenths) {
    if (tenths >= ready.beyond) return "plus de " + (ready.beyond - 1) / 10 + "\u00a0min";
    return Math.floor(tenths / 10) + "," + tenths % 10 + "\u00a0min";
  }
  function at(name) {
    return name.indexOf("Le ") === 0 ? "au " + name.slice(3) : name.indexOf("Les ") === 0 ? "aux " + name.slice(4) : "à " + name;
  }
  function nearer(threshold) { return threshold + "\u00a0minutes ou moins"; }

  function communeOf(hall) { return page.data.communes[table.hallOf[hall]][0]; }
  function placeName(n) {
    var commune = page.data.places[n][2], name = page.items[n].querySelector(".name").textContent;
    function plain(text) { return text.toLowerCase().replace(/[-’' ]+/g, " "); }
    return plain(name).indexOf(plain(commune)) >= 0 ? name : name + ", " + commune;
  }
  function houseOf(house) { return placeName(table.houseOf[house]); }
  function told(move) {
    if (move.kind === "closed") return "Fermer\u00a0: " + houseOf(move.number);
    if (move.kind === "hours") {
      var one = table.longer[move.number];
      return "Ouvrir " + table.windows[one[1]].label + "\u00a0: " + houseOf(one[0]);
    }
    if (move.kind === "demarches") {
      return "Aider pour «\u00a0" + table.demarches[move.demarche].label + "\u00a0»\u00a0: " + placeName(table.roomOf[move.number]);
    }
    return (move.kind === "opened" ? "Ouvrir une France services " : "Un arrêt de bus ") + at(communeOf(move.number));
  }
  // « 5 152 habitants de plus à 20 minutes ou moins ; personne à 30 »: of one move, all else being as today.
  function alone(move) {
    var found = Simulation.effect(ready, sets([move])), sure = { stops: "byStop", hours: "hours" }[move.kind], stop = !!sure;
    var parts = table.thresholds.map(function (threshold, n) {
      var value = sure ? found[sure][n] : found.within[n] - today.within[n];
      if (move.kind === "demarches") value = found.demarches[0].within[n] - found.demarches[0].today[n];
      var who = number(value) === "0" ? "personne" : people(Math.abs(value)) + (value < 0 ? " de moins" : " de plus");
      return (stop && number(value) !== "0" ? "au moins " : "") + who + " à " + threshold;
    });
    if (parts.every(function (part) { return part.indexOf("personne") === 0; })) {
      if (stop) return "Seul, ce geste n’approche personne à coup sûr.";
      return "Seul, ce geste ne change rien à " + table.thresholds.join(" ni à ") + "\u00a0minutes.";
    }
    return "Seul, ce geste\u00a0: " + parts.join("\u202f; ") + "\u00a0minutes.";
  }

  function element(name, text, className) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }
  function row(cells) {
    var made = element("tr");
    cells.forEach(function (text, n) {
      var cell = element(n ? "td" : "th", text, n ? "num" : "");
      if (!n) cell.scope = "row";
      made.append(cell);
    });
    return made;
  }

  // What a move of each kind may be done to: its number, its name, and the commune by which it is found.
  var choices = {
    opened: function () { return table.hallOf.map(function (_, n) { return [communeOf(n), n, ""]; }); },
    stops: function () { return choices.opened().filter(function (one) { return table.bus[one[1]]; }); },
    closed: function () {
      return table.houseOf.map(function (place, n) { return [houseOf(n), n, page.data.places[place][2]]; });
    },
    hours: function () {
      return table.longer.map(function (one, n) {
        return [houseOf(one[0]) + "\u00a0: " + table.windows[one[1]].label, n, page.data.places[table.houseOf[one[0]]][2], one[1]];
      });
    },
    demarches: function () {
      var known = new Set(table.demarches[what.value].confirmed);
      return table.roomOf.map(function (place, n) { return [placeName(place), n, page.data.places[place][2]]; })
        .filter(function (one) { return !known.has(one[1]); });
    }
  };
  function options() {
    get("choix-demarche").hidden = kind.value !== "demarches";
    var taken = new Set(moves.filter(function (move) {
      return move.kind === kind.value && (move.kind !== "demarches" || move.demarche === Number(what.value));
    }).map(function (move) { return move.number; }));
    var found = choices[kind.value]().filter(function (one) { return !taken.has(one[1]); });
    found.sort(function (a, b) { return a[2].localeCompare(b[2], "fr") || a[0].localeCompare(b[0], "fr") || a[1] - b[1]; });
    where.replaceChildren.apply(where, found.map(function (one) {
      var option = element("option", one[0]);
      option.value = one[1];
      return option;
    }));
  }

  function mark(move) {
    var sign = page.signs[move.kind === "stops" ? "itinerant" : "fixed"].cloneNode(true);
    return { at: table.hallAt[move.number], node: sign, size: [26, 26], className: "mark tried", words: told(move) + " (essai)", order: 900 };
  }

  function look(tenths) {
    var found = page.data.classes.find(function (one) { return tenths <= one[1]; });
    return found ? found[0] : "m5";
  }
  function paint(found) {
    if (!moves.length) { page.show("essay", null); return; }
    page.show("essay", {
      title: page.written.title,
      communes: page.written.communes.map(function (written, n) {
        var tenths = found.communes[n];
        if (tenths === today.communes[n]) return written;
        return { words: minutes(tenths) + " dans l’essai (" + written.words + " aujourd’hui)", look: look(tenths) };
      }),
      within: {
        near: function (n) { return found.communes[n] <= table.thresholds[0] * 10; },
        far: function (n) { return found.communes[n] <= table.thresholds[1] * 10; }
      }
    });
  }

  function tellCommunes(found) {
    var changed = [];
    found.communes.forEach(function (tenths, n) { if (tenths !== today.communes[n]) changed.push(n); });
    var inhabitants = page.data.communes.map(function (_, n) {
      return (ready.ofCommune[n] || []).reduce(function (total, point) { return total + ready.population[point]; }, 0);
    });
    changed.sort(function (a, b) { return inhabitants[b] - inhabitants[a] || a - b; });
    var body = document.querySelector("#communes-changent tbody");
    body.replaceChildren.apply(body, changed.slice(0, SHOWN).map(function (n) {
      var before = today.communes[n] < ready.beyond ? minutes(today.communes[n]) : page.written.communes[n].words;
      return row([page.data.communes[n][0], page.data.communes[n][1], before, minutes(found.communes[n])]);
    }));
    get("communes-changent").hidden = !changed.length;
    get("communes-rien").hidden = changed.length > 0;
    var more = changed.length - SHOWN;
    get("communes-autres").textContent = more > 0 ? "Et " + more + (more > 1 ? " autres communes" : " autre commune") + ", où vivent moins d’habitants." : "";
  }

  function tellSurely(found) {
    var lines = [];
    table.thresholds.forEach(function (threshold, n) {
      if (number(found.gained[n]) !== "0") lines.push("À coup sûr, au moins " + people(found.gained[n]) + " de plus à " + nearer(threshold) + ".");
      if (number(found.lost[n]) !== "0") lines.push("À coup sûr, au moins " + people(found.lost[n]) + " de moins à " + nearer(threshold) + ".");
    });
    if (chose("stops")) tellStops(found, lines);
    if (chose("hours")) table.thresholds.forEach(function (threshold, n) {
      var who = number(found.hours[n]) === "0" ? "personne de plus, à coup sûr," : "en moyenne, au moins " + people(found.hours[n]) + " de plus";
      lines.push("Aux heures ajoutées, " + who + " à " + nearer(threshold) + " d’une porte ouverte.");
    });
    found.demarches.forEach(function (one) {
      table.thresholds.forEach(function (threshold, n) {
        if (number(one.gained[n]) !== "0") lines.push("À coup sûr, pour «\u00a0" + table.demarches[one.demarche].label + "\u00a0», au moins " + people(one.gained[n]) + " de plus à " + nearer(threshold) + ".");
      });
    });
    get("surement").replaceChildren.apply(get("surement"), lines.map(function (line) { return element("li", line); }));
  }

  function chose(kind) { return moves.some(function (move) { return move.kind === kind; }); }
  function tellDemarches(found) {
    var body = document.querySelector("#demarches-changent tbody"), rows = [];
    found.demarches.forEach(function (one) {
      table.thresholds.forEach(function (threshold, n) {
        rows.push(row([table.demarches[one.demarche].label + ", " + nearer(threshold), number(one.today[n]), number(one.within[n]), change(one.within[n] - one.today[n])]));
      });
    });
    body.replaceChildren.apply(body, rows);
    get("demarches-changent").hidden = !rows.length;
  }
  function tellStops(found, lines) {
    var some = table.thresholds.map(function (threshold, n) { return [threshold, found.byStop[n]]; }).filter(function (one) { return number(one[1]) !== "0"; });
    some.forEach(function (one) {
      lines.push("Pendant les heures des arrêts, au moins " + people(one[1]) + " de plus à " + nearer(one[0]) + " d’un lieu ou d’un bus.");
    });
    if (!some.length) lines.push("Les arrêts n’approchent personne à coup sûr\u00a0: un lieu, ou un arrêt connu, est peut-être déjà aussi près.");
  }

  function tellList() {
    document.querySelectorAll("#lieux > li.tried").forEach(function (item) { item.remove(); });
    moves.slice().reverse().forEach(function (move) {
      if (move.kind === "opened" || move.kind === "stops") get("lieux").prepend(element("li", told(move) + " (essai)", "tried"));
    });
    list.replaceChildren.apply(list, moves.map(function (move, n) {
      var item = element("li"), remove = element("button", "Retirer", "no-print");
      remove.type = "button";
      remove.setAttribute("aria-label", "Retirer\u00a0: " + told(move));
      remove.addEventListener("click", function () { moves.splice(n, 1); update(); focusAfter(n); });
      item.append(element("strong", told(move)), element("span", alone(move), "secondary"), remove);
      return item;
    }));
  }
  function focusAfter(n) {
    var buttons = list.querySelectorAll("button");
    (buttons[Math.min(n, buttons.length - 1)] || where).focus();
  }

  function update() {
    var found = Simulation.effect(ready, sets(moves));
    page.close(sets(moves).closed.map(function (house) { return table.houseOf[house]; }));
    page.drawing.put("tried", moves.filter(function (move) { return move.kind === "opened" || move.kind === "stops"; }).map(mark));
    paint(found);
    get("essai").hidden = !moves.length;
    if (moves.length) get("simuler").open = true;
    get("legende-essai").hidden = !moves.length;
    document.body.classList.toggle("trying", moves.length > 0);
    get("effets").replaceChildren.apply(get("effets"), table.thresholds.map(function (threshold, n) {
      return row([nearer(threshold), number(today.within[n]), number(found.within[n]), change(found.within[n] - today.within[n])]);
    }));
    tellDemarches(found);
    tellSurely(found);
    tellCommunes(found);
    tellList();
    options();
    get("annonce").textContent = moves.length ? moves.length + (moves.length > 1 ? " gestes" : " geste") + ". " + table.thresholds.map(function (threshold, n) {
      return "À " + nearer(threshold) + "\u00a0: " + people(found.within[n]) + ", écart " + change(found.within[n] - today.within[n]);
    }).concat(Array.from(document.querySelectorAll("#surement li"), function (line) { return line.textContent.replace(/\.$/, ""); })).join(". ") + "." : "Aucun geste\u00a0: la carte est celle d’aujourd’hui.";
    return found;
  }

  get("gestes").addEventListener("submit", function (event) {
    event.preventDefault();
    if (where.value === "") return;
    moves.push({ kind: kind.value, number: Number(where.value), demarche: Number(what.value) });
    update();
  });
  kind.addEventListener("change", options);
  what.addEventListener("change", options);
  get("effacer").addEventListener("click", function () { moves = []; update(); where.focus(); });

  // A commune may be chosen on the map too.
  page.drawing.clicked(function (commune) {
    var hall = table.hallOf.indexOf(commune);
    if ((kind.value === "opened" || kind.value === "stops") && where.querySelector("option[value='" + hall + "']")) where.value = hall;
  });

  // The map is laid out again for the width of a sheet before it is printed.
  var tried = null;
  function layOut(printing) {
    if (printing) tried = page.drawing.view();
    document.body.classList.toggle("printing", printing);
    get("jour-essai").textContent = new Date().toLocaleDateString("fr-FR", { day: "numeric", month: "long", year: "numeric" });
    page.drawing.resized();
    if (printing) page.drawing.whole(4);
    else if (tried) page.drawing.look(tried);
  }
  window.addEventListener("beforeprint", function () { if (moves.length) layOut(true); });
  window.addEventListener("afterprint", function () { if (document.body.classList.contains("printing")) layOut(false); });
  get("imprimer").addEventListener("click", function () { window.print(); });

  what.replaceChildren.apply(what, table.demarches.map(function (one, n) {
    var option = element("option", one.label);
    option.value = n;
    return option;
  }));
  [["closed", table.houseOf], ["stops", choices.stops()], ["hours", table.longer], ["demarches", table.demarches]].forEach(function (one) {
    if (!one[1].length) kind.querySelector("option[value=" + one[0] + "]").remove();  // nothing is known of it here
  });
  get("simuler").addEventListener("toggle", page.drawing.ready, { once: true });
  options();
  get("simulateur").hidden = false;
})();
