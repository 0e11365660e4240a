// The list is the page; this adds the marks of its places to the map, and the filters to both.
(function () {
  "use strict";
  var page = window.Carte, data = page.data, drawing = page.drawing;
  var SAID_AFTER_MS = 400;  // once somebody no longer writes
  // What a page does not have (the nation's has no hours) is empty, and may be written to.
  function get(id) { return document.getElementById(id) || document.createElement("input"); }
  var NAMED = 300;  // places in sight, of which names are written; more would leave no room for one
  var items = Array.prototype.slice.call(document.querySelectorAll("#lieux > li"));
  var chosenDemarche = get("demarche"), departement = get("departement"), text = get("texte"), wanted = get("montres"), count = get("compte");
  var HELP = { c: "aide confirmée", b: "aide par le label, non confirmée", g: "aide déclarée en général, démarche non précisée", o: "orientation seulement", n: "aucune aide, dit l’enquête", u: "aide inconnue" };
  var SIGNS = { c: "confirmed", b: "by_label", g: "general", o: "orientation", n: "none", u: "unknown" };
  var placeSigns = {}, helpSigns = {};
  function signsOf(list, codes, into) {
    if (!list) return;
    var found = list.querySelectorAll("li");
    for (var i = 0; i < found.length; i++) into[codes[i]] = found[i].querySelector("svg");
  }
  signsOf(document.querySelector("#legende-lieux ul"), ["fixed", "antenne", "itinerant", "other"], placeSigns);
  signsOf(document.querySelector("#legende-aide ul"), ["confirmed", "by_label", "general", "orientation", "none", "unknown"], helpSigns);

  var shown = {};  // place number -> its mark
  var chosen = null;
  var everything = count.textContent;  // what the page says of the whole list
  function number(value) { return value.toLocaleString("fr-FR"); }
  var closed = new Set();  // places that an essay closes
  var signs = items.map(function (item) { return item.dataset.role; });

  // The day and hour that were chosen, null for any.
  function moment() {
    return get("jour").value === "" ? null : { day: Number(get("jour").value), hour: Number(get("heure").value) };
  }
  function stateOf(n) {
    var at = moment();
    return at && Hours.state(data.hours, n, at);
  }

  function markOf(n) {
    var column = data.demarches[chosenDemarche.value];
    var role = items[n].dataset.role;
    var code = column ? SIGNS[data.places[n][1][column[0]]] : role, sign = column ? helpSigns[code] : placeSigns[role];
    var size = role === "other" && !column ? 12 : 18;
    var state = stateOf(n), doubtful = state === "u" || state === "k";
    if (state === "c") size = Math.round(size * 0.6);
    if (n === chosen) size += 10;
    var node = sign.cloneNode(true);
    if (closed.has(n)) node.append(cross("cross-edge"), cross("cross"));
    return {
      at: data.places[n][0], node: node, size: [size, size], order: role === "other" ? 0 : 500,
      className: "mark" + (n === chosen ? " chosen" : "") + (doubtful ? " doubtful" : ""),
      kind: code + (closed.has(n) ? " closed" : ""), words: items[n].querySelector(".name").textContent,
      click: function () { open(n); }
    };
  }
  function markAgain(numbers) {
    var marks = {};
    numbers.forEach(function (n) { if (n !== null && shown[n]) marks[n] = shown[n] = markOf(n); });
    drawing.again(marks);
  }

  function cross(style) {
    var path = document.createElementNS("http://www.w3.org/2000/svg", "path"), edge = style === "cross-edge";
    path.setAttribute("class", style);
    path.setAttribute("stroke", edge ? "#fff" : "#b23a1e");
    path.setAttribute("stroke-width", edge ? 6.5 : 3);
    path.setAttribute("stroke-linecap", "round");
    path.setAttribute("d", "M1 1 19 19M19 1 1 19");
    return path;
  }

  // At which level a place helps with the démarche, where the survey says it.
  function levelOf(n) {
    var column = data.demarches[chosenDemarche.value], words = data.levels[data.places[n][3].charAt(column[0])];
    return words ? "\u00a0: " + words : "";
  }

  function tellHelp(n, help) {
    var state = stateOf(n);
    items[n].querySelector(".help").textContent = (help ? " · " + HELP[help] + levelOf(n) : "") + (state ? " · " + Hours.words[state] : "") + (closed.has(n) ? " · fermée dans l’essai" : "");
  }

  // Which places an essay closes, by number; only those that change are drawn again.
  function close(numbers) {
    var before = closed, column = data.demarches[chosenDemarche.value], changed = [];
    closed = new Set(numbers);
    items.forEach(function (_, n) {
      if (before.has(n) === closed.has(n)) return;
      tellHelp(n, column ? data.places[n][1].charAt(column[0]) : null);
      changed.push(n);
    });
    markAgain(changed);
  }

  // The colours of the communes follow the démarche; an essay's go before them.
  function paint() {
    var column = data.demarches[chosenDemarche.value], row = column && data.help.rows[column[0]];
    get("choix-seule").hidden = !(row && row[0] && row[1]);
    get("note-aide").hidden = !row;
    if (!row) { page.show("demarche", null); return; }
    var only = !get("choix-seule").hidden && get("seule").checked;
    var view = Help.view(data.help, data.classes, row, page.written.communes, only);
    var name = chosenDemarche.options[chosenDemarche.selectedIndex].textContent;
    view.title = "Minutes jusqu’à un lieu qui aide pour «\u00a0" + name + "\u00a0», " + (row[0] && !only ? "confirmé ou par le label" : "confirmé");
    page.show("demarche", view);
  }

  function draw() {
    var column = data.demarches[chosenDemarche.value];
    var asked = Search.plain(text.value).length > 1, kept = 0;
    var group = data.groups[wanted.value] && new Set(data.groups[wanted.value]);
    shown = {};
    items.forEach(function (item, n) {
      var help = column ? data.places[n][1].charAt(column[0]) : null;
      var visible = (!departement.value || item.dataset.departement === departement.value) && (group ? group.has(n) : wanted.value === "all" || asked || item.dataset.role !== "other" || (help && help !== "u")) && (!asked || Search.matches(item.dataset.words, text.value));
      item.hidden = !visible;
      tellHelp(n, help);
      var sign = help || item.dataset.role;
      if (signs[n] !== sign) item.querySelector("summary > svg").replaceWith((help ? helpSigns[SIGNS[help]] : placeSigns[sign]).cloneNode(true));
      signs[n] = sign;
      if (!visible) return;
      kept += 1;
      if (data.places[n][0]) shown[n] = markOf(n);
    });
    drawing.place(shown);
    var communes = page.search(), at = moment();
    var states = items.map(function (item, n) { return item.hidden ? "" : stateOf(n); }).filter(Boolean);
    get("moment").textContent = at ? Hours.sentence(data.hours, at, states) : "";
    get("choix-heure").hidden = get("legende-heures").hidden = !at;
    get("heure-dite").textContent = get("heure").value + "\u00a0h";
    get("heure").setAttribute("aria-valuetext", get("heure").value + " heures");
    count.textContent = !kept && asked ? "Aucun lieu ne porte ce nom, ni cette commune." : kept === items.length ? everything : number(kept) + (kept > 1 ? " lieux" : " lieu") + " sur " + number(items.length) + ".";
    if (ready) announce((asked ? communes + (communes > 1 ? " communes trouvées. " : " commune trouvée. ") : "") + count.textContent);
    get("phrase").textContent = column ? column[1] : "";
    get("legende-lieux").hidden = !!column;
    get("legende-aide").hidden = !column;
    write();
  }

  // Where a bus stops or somebody comes on certain days; they stand beside the places that are shown, under no filter.
  var told = document.querySelectorAll("#arrets > li"), stopSign = document.querySelector("#legende-arrets svg");
  drawing.put("stops", data.stops.map(function (at, n) {
    return at && { n: n, at: at, node: stopSign.cloneNode(true), size: [16, 16], className: "stop-mark", words: told[n].textContent, order: 300 };
  }).filter(Boolean));

  var waiting = null, ready = false;  // nothing is announced of a page that has just opened
  function announce(words) {
    clearTimeout(waiting);
    waiting = setTimeout(function () { get("annonce-lieux").textContent = words; }, SAID_AFTER_MS);
  }

  // Names of communes beside their marks, where there is room: right, left, above, below, else not written.
  var pen = document.createElement("canvas").getContext("2d");
  function write() {
    pen.font = "600 14px " + getComputedStyle(document.body).fontFamily;
    var taken = [], said = new Set(), size = drawing.size(), names = [], points = {};
    var numbers = Object.keys(shown).filter(function (n) {
      var at = points[n] = drawing.pixel(data.places[n][0]);
      return at.x >= 0 && at.y >= 0 && at.x <= size.x && at.y <= size.y;
    });
    if (numbers.length > NAMED) numbers = [];
    numbers.forEach(function (n) {
      var at = points[n];
      if (items[n].dataset.role !== "other") taken.push([at.x - 9, at.y - 9, at.x + 9, at.y + 9]);
    });
    numbers.forEach(function (n) {
      var name = data.places[n][2];
      if (items[n].dataset.role === "other" || items[n].dataset.role === "itinerant" || said.has(name)) return;
      var at = points[n], w = pen.measureText(name).width + 2, h = 16;
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
        names.push({ at: data.places[n][0], node: span, size: [w, h], anchor: [-step[0], -step[1]], className: "name-label" });
        return true;
      });
    });
    drawing.put("names", names);
  }

  // On a phone the map or the list is shown, one at a time; without scripts, the list.
  var sides = Array.prototype.slice.call(document.querySelectorAll("#cote button"));
  function side(name) {
    document.body.classList.toggle("on-map", name === "map");
    document.body.classList.toggle("on-list", name === "list");
    sides.forEach(function (one) { one.setAttribute("aria-pressed", String(one.dataset.side === name)); });
    if (name === "map") drawing.resized();
  }
  sides.forEach(function (one) { one.addEventListener("click", function () { side(one.dataset.side); }); });
  get("cote").hidden = false;
  side("map");

  function open(n) {
    var details = items[n].querySelector("details");
    side("list");
    details.open = true;
    details.querySelector("summary").focus({ preventScroll: true });
    get("lieux").scrollTop = items[n].offsetTop;
    if (getComputedStyle(get("cote")).display !== "none") items[n].scrollIntoView();
  }

  function choose(n) {
    var before = chosen;
    chosen = n;
    markAgain([before, n]);
    if (n !== null && data.places[n][0]) drawing.reach(data.places[n][0]);
  }

  function address(item) {
    var told = Array.prototype.find.call(item.querySelectorAll("dt"), function (one) { return one.textContent === "Adresse"; });
    return told ? told.nextElementSibling.textContent : "";
  }
  items.forEach(function (item, n) {
    item.dataset.words = Search.plain(item.querySelector("summary").textContent + " " + address(item));
    item.querySelector("details").addEventListener("toggle", function (event) {
      if (event.target.open) {
        items.forEach(function (other) { if (other !== item) other.querySelector("details").open = false; });
        choose(n);
      } else if (chosen === n) { choose(null); }
    });
  });
  drawing.whole(12);
  drawing.moved(write);
  get("filtres").addEventListener("submit", function (event) { event.preventDefault(); });
  chosenDemarche.addEventListener("change", function () { paint(); draw(); });
  get("seule").addEventListener("change", paint);
  wanted.addEventListener("change", draw);
  departement.addEventListener("change", function () {
    draw();
    if (departement.value) drawing.go(data.departements[departement.value]); else drawing.whole(12);
  });
  if (data.hours) data.hours.days.forEach(function (day, n) { get("jour").append(new Option(day, n)); });
  get("jour").addEventListener("change", draw);
  get("heure").addEventListener("input", draw);
  text.addEventListener("input", draw);
  draw();
  ready = true;

  page.items = items;
  page.signs = placeSigns;
  page.close = close;
})();
