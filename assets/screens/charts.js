// Plotly is fetched while the page waits for its first answer: the charts need it right after that.
(function () {
  "use strict";

  function fetchPlotly() {
    const config = document.getElementById("_dash-config");
    if (!config || window.Plotly) return;
    const script = document.createElement("script");
    script.src = JSON.parse(config.textContent).plotlyjs_url; // the chart asks for the same one
    script.async = true;
    document.head.append(script);
  }

  window.addEventListener("load", () => setTimeout(fetchPlotly, 0));
})();
