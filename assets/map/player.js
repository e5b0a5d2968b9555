// The heat player: steps through frames of a fixed scale, one picture ahead, without a callback per frame.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const STEP_MS = 1600; // at speed 1; 400 ms at 4, 100 ms at 16
  const LEAST_MS = 100;

  /** Two digits. */
  const pad = (number) => String(number).padStart(2, '0');

  class Player {
    constructor() {
      this.step = 0;
      this.speed = 4;
      this.timer = null;
      this.frames = null;
    }

    /** Take over the frames of a state. */
    apply(state) {
      const frames = state.heat && state.heat.frames;
      if (!frames) {
        this.pause(false);
        this.frames = null;
        return;
      }
      const same = this.frames && this.frames.from === frames.from && this.frames.to === frames.to;
      const moved = same && !this.timer && this.frames.now !== frames.now;
      this.frames = frames;
      this.address = state.heat.url;
      this.count = Math.max(1, Math.round((frames.to - frames.from) / frames.step_s));
      if (!same) this.speed = frames.speed || 4;
      if (!same || moved) this.summed = Boolean(frames.whole) && !this.timer;
      if (!same || moved) this.step = this.stepOf(frames.now === undefined ? frames.to : frames.now);
      requestAnimationFrame(() => this.draw());
    }

    /** The step that ends at a moment. */
    stepOf(moment) {
      const step = Math.floor((moment - this.frames.from) / this.frames.step_s) - 1;
      return Math.max(0, Math.min(this.count - 1, step));
    }

    /** The last step that is over: one that has hardly begun would look like a quiet one. */
    get last() {
      return this.frames.until === undefined ? this.count - 1 : this.stepOf(this.frames.until);
    }

    /** The moment at the end of a step. */
    moment(step) {
      return this.frames.from + (step + 1) * this.frames.step_s;
    }

    /** A moment as the city's local minute. */
    local(moment) {
      const zone = this.frames.offset_s === undefined
        ? -60 * new Date(moment * 1000).getTimezoneOffset() : this.frames.offset_s;
      const date = new Date((moment + zone) * 1000);
      const day = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
      return `${day}T${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
    }

    /** Address of the picture of a step. */
    picture(step) {
      const [path, query] = this.address.split('?');
      const parts = (query || '').split('&').filter((part) => part && !part.startsWith('play='));
      parts.push('play=' + this.moment(step));
      return path + '?' + parts.join('&');
    }

    /** Show a step and fetch the next one ahead of its time. */
    show(step) {
      if (!this.frames) return;
      this.step = Math.max(0, Math.min(this.last, step));
      this.summed = false;
      this.legend();
      for (const scene of map.scenes) scene.heat.show(this.picture(this.step));
      if (this.step + 1 < this.count) new Image().src = this.picture(this.step + 1);
      this.draw();
      window.history.replaceState(window.history.state, '', this.query());
    }

    /** What the picture sums: the whole period, or the window that ends at the step. */
    note() {
      if (this.summed) return this.frames.whole.note;
      const day = this.local(this.moment(this.step) - 1).slice(5, 10);
      return (this.frames.note || '').replace('{date}', day);
    }

    /** What is played may be counted by the hour where its sum was by the day. */
    legend() {
      const played = document.querySelector('.legend [data-heat="played"]');
      if (!played) return;
      for (const part of document.querySelectorAll('.legend [data-heat]')) part.hidden = part !== played;
    }

    /** The page's query with the moment of the step. */
    query() {
      const query = new URLSearchParams(window.location.search);
      query.set('play', this.local(this.moment(this.step)));
      return '?' + query.toString().replace(/%2C/g, ',').replace(/%3A/g, ':');
    }

    play() {
      if (this.timer || !this.frames) return;
      if (this.step >= this.last) this.step = -1;
      const tick = () => {
        if (this.step >= this.last) {
          this.pause(true);
          return;
        }
        this.show(this.step + 1);
        this.timer = setTimeout(tick, Math.max(LEAST_MS, STEP_MS / this.speed));
      };
      tick();
    }

    /** Stop; `tell` lets the panels follow with one callback: the URL already holds the moment. */
    pause(tell) {
      clearTimeout(this.timer);
      const running = this.timer !== null;
      this.timer = null;
      this.draw();
      if (tell && this.frames && running) map.tell();
    }

    /** Show time, bars and the state of the buttons. */
    draw() {
      if (!this.frames) return;
      const style = getComputedStyle(document.documentElement);
      const token = (name) => style.getPropertyValue('--' + name).trim();
      for (const canvas of document.querySelectorAll('canvas[data-player="bars"]')) {
        map.drawBars(canvas, this.frames, this.step, token, this.summed);
      }
      for (const time of document.querySelectorAll('[data-player="time"]')) {
        time.textContent = this.summed ? this.frames.whole.time : this.local(this.moment(this.step)).slice(11);
      }
      for (const note of document.querySelectorAll('[data-player="note"]')) note.textContent = this.note();
      for (const button of document.querySelectorAll('[data-player="play"]')) {
        button.setAttribute('aria-pressed', String(this.timer !== null));
      }
      for (const button of document.querySelectorAll('[data-player^="speed-"]')) {
        const speed = Number(button.dataset.player.slice(6));
        button.setAttribute('aria-pressed', String(speed === this.speed));
      }
    }

    /** What a button with `data-player` does. */
    press(action) {
      if (action === 'play' && this.timer) this.pause(true);
      else if (action === 'play') this.play();
      else if (action === 'back' || action === 'next') {
        this.pause(false);
        this.show(this.step + (action === 'next' ? 1 : -1));
        map.tell();
      } else if (action.startsWith('speed-')) {
        this.speed = Number(action.slice(6));
        this.draw();
      }
    }

    /** Go to where the bars were clicked. */
    seek(canvas, x) {
      const frame = canvas.getBoundingClientRect();
      this.pause(false);
      this.show(Math.floor(((x - frame.left) / frame.width) * this.count));
      map.tell();
    }
  }

  map.player = new Player();

  document.addEventListener('click', (event) => {
    const part = event.target.closest && event.target.closest('[data-player]');
    if (!part) return;
    if (part.dataset.player === 'bars') map.player.seek(part, event.clientX);
    else map.player.press(part.dataset.player);
  });
})();
