// The heat player: steps through frames of a fixed scale, one picture ahead, without a callback per frame.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});
  const STEP_MS = 1600; // at speed 1; 400 ms at 4, 100 ms at 16
  const LEAST_MS = 100;
  const WRITE_MS = 1000; // browsers refuse an address that is written too often

  /** What the clock of a zone shows, part by part; without a zone, of the reader's own. */
  const clocks = new Map();
  function clockOf(zone) {
    if (!clocks.has(zone)) {
      const two = '2-digit';
      const options = { year: 'numeric', month: two, day: two, hour: two, minute: two, hourCycle: 'h23' };
      clocks.set(zone, new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone }));
    }
    return clocks.get(zone);
  }

  class Player {
    constructor() {
      this.step = 0;
      this.written = -WRITE_MS;
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
      const same = this.frames && String(this.frames.edges) === String(frames.edges);
      // An address cannot tell the second of two equal minutes: who stands there stays.
      const moved = same && !this.timer && this.frames.now !== frames.now
        && this.local(frames.now) !== this.local(this.moment(this.step));
      this.frames = frames;
      this.address = state.heat.url;
      this.count = Math.max(1, frames.edges.length - 1);
      if (!same) this.speed = frames.speed || 4;
      const turned = same && !this.timer && Boolean(frames.whole) !== this.whole;
      if (!same || moved || turned) this.summed = Boolean(frames.whole) && !this.timer;
      this.whole = Boolean(frames.whole);
      if (!same || moved) this.step = this.stepOf(frames.now === undefined ? Infinity : frames.now);
      requestAnimationFrame(() => this.draw());
    }

    /** The last step that ends by a moment. */
    stepOf(moment) {
      const step = this.frames.edges.filter((edge) => edge <= moment).length - 2;
      return Math.max(0, Math.min(this.count - 1, step));
    }

    /** The last step that is over: one that has hardly begun would look like a quiet one. */
    get last() {
      return this.frames.until === undefined ? this.count - 1 : this.stepOf(this.frames.until);
    }

    /** The moment at the end of a step. */
    moment(step) {
      return this.frames.edges[step + 1];
    }

    /** A moment as the city's local minute. */
    local(moment) {
      const parts = clockOf(this.frames.zone).formatToParts(new Date(moment * 1000));
      const { year, month, day, hour, minute } = Object.fromEntries(parts.map((p) => [p.type, p.value]));
      return `${year}-${month}-${day}T${hour}:${minute}`;
    }

    /** The day of a moment as the page writes it: 11-21, 21 Nov. */
    date(moment) {
      const said = this.local(moment).slice(5, 10);
      const { months } = this.frames;
      return months ? `${Number(said.slice(3))} ${months[said.slice(0, 2) - 1]}` : said;
    }

    /** The clock at the end of a step; midnight ends the day before, whose date stands beside. */
    clock() {
      const said = this.local(this.moment(this.step)).slice(11);
      return said === '00:00' ? '24:00' : said;
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
      if (this.step + 1 <= this.last) new Image().src = this.picture(this.step + 1);
      this.draw();
      if (!this.timer || performance.now() - this.written >= WRITE_MS) this.write();
    }

    /** Write the moment into the address. */
    write() {
      this.written = performance.now();
      window.history.replaceState(window.history.state, '', this.query());
    }

    /** What the picture sums: the whole period, or the window that ends at the step. */
    note() {
      if (this.summed) return this.frames.whole.note;
      return (this.frames.note || '').replace('{date}', this.date(this.moment(this.step) - 1));
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
        this.timer = setTimeout(tick, Math.max(LEAST_MS, STEP_MS / this.speed));
        this.show(this.step + 1);
      };
      tick();
    }

    /** Stop; `tell` writes the moment and lets the panels follow with one callback. */
    pause(tell) {
      clearTimeout(this.timer);
      const running = this.timer !== null;
      this.timer = null;
      this.draw();
      if (!tell || !this.frames || !running) return;
      this.write();
      map.tell();
    }

    /** Whether the picture is of the window that the figures are of, and stands. */
    get still() {
      const { whole, now } = this.frames;
      return !this.timer && (whole ? this.summed : now === undefined || this.step === this.stepOf(now));
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
        time.textContent = this.summed ? this.frames.whole.time : this.clock();
      }
      for (const note of document.querySelectorAll('[data-player="note"]')) note.textContent = this.note();
      // Figures beside the map are of the period or of the last pause, not of the frame that runs.
      document.documentElement.toggleAttribute('data-playing', this.timer !== null);
      document.documentElement.toggleAttribute('data-ahead', !this.still); // single cases are of the figures' window
      for (const button of document.querySelectorAll('[data-player="play"]')) {
        button.setAttribute('aria-pressed', String(this.timer !== null));
        const sign = button.querySelector('.icon');
        sign.classList.toggle('icon-play', this.timer === null);
        sign.classList.toggle('icon-pause', this.timer !== null);
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
      } else if (action === 'sum') this.pause(false); // the link itself asks for the figures
      else if (action.startsWith('speed-')) {
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
