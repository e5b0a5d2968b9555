// Asking the server for one small versioned state, for ever: conditional, one request in flight, given
// up after a while, slower while nobody answers. Clocks of the browser are not believed: the server's
// clock comes with every answer and goes on by the monotonic one here.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const GIVE_UP_MS = 5000;
  const FIRST_WAIT_MS = 1000;

  /** The server is there and says when it will have something. */
  class NotYet extends Error {
    constructor(waitS) {
      super("not yet");
      this.waitMs = waitS * 1000;
    }
  }

  /** What is wrong with an answer that is none. */
  function fault({ status, headers }) {
    const waitS = Number(headers.get("Retry-After"));
    if (status === 503 && waitS > 0) return new NotYet(waitS);
    return Object.assign(new Error("status " + status), { refused: status === 401 || status === 403 });
  }

  class Asking {
    /** `address`: text or what answers it; `heard(state)` and `missed()` follow every answer or its lack. */
    constructor({ address, everyMs, waitMostMs, heard, missed }) {
      this.address = typeof address === "function" ? address : () => address;
      Object.assign(this, { everyMs, waitMostMs, heard, missed });
      this.state = null; // the last one that the server gave
      this.tag = ""; // its ETag …
      this.tagged = ""; // … and the address that gave it
      this.serverNow = 0; // epoch seconds that the server showed …
      this.heardAt = performance.now(); // … at this monotonic moment; before that, when the page began
      this.failures = 0;
      this.refused = false; // the server is there, but the token is not good any more
      this.flight = null;
      this.timer = null;
      this.stopped = false;
    }

    /** Seconds since the server was last heard. */
    lost() {
      return Math.max(0, (performance.now() - this.heardAt) / 1000);
    }

    /** The server's clock now, in epoch seconds; 0 as long as it was never heard. */
    now() {
      return this.serverNow && this.serverNow + this.lost();
    }

    stop() {
      this.stopped = true;
      clearTimeout(this.timer);
      if (this.flight) this.flight.abort();
    }

    /** Ask now; the next time follows by itself. A request under way is not joined by another one. */
    ask() {
      if (this.flight || this.stopped) return Promise.resolve();
      clearTimeout(this.timer);
      const flight = (this.flight = new AbortController());
      const giveUp = setTimeout(() => flight.abort(), GIVE_UP_MS);
      const address = this.address();
      const headers = this.tag && this.tagged === address ? { "If-None-Match": this.tag } : {};
      return fetch(address, { headers, signal: flight.signal, cache: "no-store" })
        .then((response) => this.read(response, address))
        .then(() => this.hear(), (error) => this.miss(error))
        .then((waitMs) => {
          clearTimeout(giveUp);
          this.flight = null;
          if (!this.stopped) this.timer = setTimeout(() => this.ask(), waitMs);
        });
    }

    async read(response, address) {
      if (response.status !== 304 && !response.ok) throw fault(response);
      const body = response.status === 304 ? this.state : await response.json();
      this.tag = response.headers.get("ETag") || this.tag;
      this.tagged = address;
      this.state = body;
      this.serverNow = Number(response.headers.get("X-Yiping-Now")) || body.now;
      this.heardAt = performance.now();
    }

    hear() {
      const failures = this.failures;
      this.failures = 0;
      this.refused = false;
      try {
        this.heard(this.state, failures);
      } catch (error) {
        console.error(error); // what cannot be shown is no reason to stop asking
      }
      return this.everyMs;
    }

    miss(error) {
      const waitMs = error instanceof NotYet ? error.waitMs : 0;
      if (waitMs && !this.state) this.heardAt = performance.now(); // else its age is what counts
      this.failures += 1;
      this.refused = Boolean(error.refused);
      if (!this.stopped) this.missed();
      const patience = FIRST_WAIT_MS * Math.pow(2, Math.min(this.failures - 1, 10));
      return Math.min(this.waitMostMs, waitMs || patience);
    }
  }

  root.Asking = Asking;
})();
