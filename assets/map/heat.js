// The heat picture: an image over the base map and under the names, swapped without a flicker.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});

  class Heat {
    constructor(scene) {
      this.scene = scene;
      this.layer = null;
      this.address = '';
    }

    /** Follow the state: show, move or remove the picture. */
    apply(before, state) {
      if (!state.heat || this.scene.hides('heat')) this.clear();
      else if (map.player.timer) return; // the player shows what is due
      else if (!before || map.differs(before, state, ['heat', 'show'])) this.show(state.heat.url, state.heat.box);
    }

    /** Show the picture at an address once it is here; the old one stays until then. */
    show(address, box) {
      if (this.scene.hides('heat')) return;
      this.address = address;
      const image = new Image();
      image.onload = () => {
        if (this.address !== address || !this.scene.leaflet) return;
        this.put(address, box || this.scene.state.heat.box);
      };
      image.onerror = () => this.address === address && this.clear();
      image.src = address;
    }

    put(address, box) {
      const bounds = [[box[1], box[0]], [box[3], box[2]]];
      if (!this.layer) {
        const options = { pane: 'yp-heat', interactive: false, className: 'map-heat', alt: '' };
        this.layer = window.L.imageOverlay(address, bounds, options).addTo(this.scene.leaflet);
        return;
      }
      this.layer.setBounds(bounds);
      this.layer.setUrl(address);
    }

    clear() {
      this.address = '';
      if (this.layer) this.layer.remove();
      this.layer = null;
    }
  }

  map.Heat = Heat;
})();
