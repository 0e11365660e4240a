// Why the map is not there, where the module below could not start: this runs in every browser, and before it.
(function () {
  "use strict";
  window.addEventListener("load", function () {
    if (window.Carte) return;
    document.getElementById("sans-carte-pourquoi").textContent = location.protocol === "file:" ?
      "Elle se lit depuis un site : les navigateurs ne la laissent pas s’ouvrir d’un double-clic." :
      "Le navigateur ne sait pas la dessiner (WebGL 2), ou un de ses fichiers manque à côté de cette page.";
    document.getElementById("sans-carte").hidden = false;
    // What would answer nothing is not shown.
    document.getElementById("carte").hidden = document.getElementById("filtres").hidden = true;
  });
})();
