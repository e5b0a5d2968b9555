// Colours of the map: read from the page's CSS custom properties, mixed, and watched for a theme change.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});

  /** Split `#rrggbb` or `rgb(r, g, b)` into three numbers. */
  function channels(colour) {
    if (colour.charAt(0) === '#') {
      const whole = parseInt(colour.slice(1, 7), 16);
      return [whole >> 16, (whole >> 8) & 255, whole & 255];
    }
    return (colour.match(/[\d.]+/g) || [0, 0, 0]).slice(0, 3).map(Number);
  }

  /** The colour `share` of the way from `from` to `to`, opaque. */
  function mix(from, to, share) {
    const start = channels(from);
    const end = channels(to);
    const part = start.map((value, i) => Math.round(value + (end[i] - value) * share));
    return `rgb(${part.join(',')})`;
  }

  /** The colour with an opacity. */
  function faded(colour, opacity) {
    return `rgba(${channels(colour).join(',')},${opacity})`;
  }

  /** Reads tokens for one element and remembers them until told to forget. */
  class Colours {
    constructor(element) {
      this.element = element;
      this.given = {};
      this.forget();
    }

    /** Forget what was read. */
    forget() {
      this.style = getComputedStyle(this.element);
      this.read = new Map();
      this.said = this.saying();
    }

    /** What decides the values, as far as a page changes it; asked without laying it out. */
    saying() {
      const themed = this.element.closest('[data-theme]');
      const page = document.documentElement;
      return [themed && themed.dataset.theme, page.dataset.mode, page.getAttribute('style')].join('|');
    }

    /** Forget what was read if it may be another by now: to read lays a changed page out. */
    refresh() {
      if (this.saying() !== this.said) this.forget();
    }

    /** The value of the token `--name`, or of the map state's own table of colours. */
    get(name) {
      if (this.given[name]) return this.given[name];
      let value = this.read.get(name);
      if (value === undefined) {
        value = this.style.getPropertyValue('--' + name).trim();
        if (!value) console.error(`the theme has no token --${name}`);
        this.read.set(name, value);
      }
      return value;
    }

    /** Call `changed` whenever the theme above the element becomes another; being said again is no change. */
    watch(changed) {
      const observer = new MutationObserver((records) => {
        if (records.every(({ target, oldValue }) => target.dataset.theme === oldValue)) return;
        this.forget();
        changed();
      });
      const options = { attributes: true, attributeOldValue: true, attributeFilter: ['data-theme'] };
      observer.observe(document.documentElement, options);
      const themed = this.element.closest('[data-theme]');
      if (themed && themed !== document.documentElement) observer.observe(themed, options);
      return observer;
    }
  }

  map.Colours = Colours;
  map.mix = mix;
  map.faded = faded;
})();
