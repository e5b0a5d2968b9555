// What others do to the same plan: looked for every few seconds, shown at once where nothing is under way here.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const say = (key, values) => planner.texts.get(key, values);
  const LOOK_MS = 6000;
  const SELDOM = 5; // looks, after which "looked" is told: some things are asked for less often
  const WRITING = "textarea, input:not([type=range]), [contenteditable]";

  class Watch {
    constructor(desk) {
      Object.assign(this, { desk, looks: 0, looking: false, said: "" });
      setInterval(() => this.look(), LOOK_MS);
      document.addEventListener("visibilitychange", () => this.look());
    }

    /** Whether something is under way here that another state would disturb. */
    held() {
      const { tools } = this.desk;
      const at = document.activeElement;
      return Boolean((tools && tools.begun()) || document.querySelector("dialog[open]") || (at && at.matches(WRITING)));
    }

    /** Ask how far the plan is; nothing is asked while strokes of ours are under way, or nobody sees the page. */
    async look() {
      const { desk } = this;
      if (desk.waiting || !desk.state || document.hidden || this.looking) return;
      const before = desk.state;
      this.looking = true;
      const told = await desk.ask("head").catch(() => null);
      this.looking = false;
      if (!told || desk.waiting || desk.state !== before) return;
      if (told.mark !== before.plan.mark) await this.changed(told);
      else if (told.city !== before.plan.city && !this.held()) await this.show(told); // which tells a newer city itself
      else desk.based(told.live);
      this.looks += 1;
      if (this.looks % SELDOM === 0) desk.tell("looked", {});
    }

    /** Show what others did, or offer it: what is being drawn or written here is not touched unasked. */
    async changed(told) {
      if (!this.held()) {
        await this.show(told);
        return;
      }
      if (told.mark === this.said) return;
      this.said = told.mark;
      planner.panels.tell(say("others_changed", { name: told.by }), "others", { text: say("others_show"), act: () => this.show(told) });
    }

    async show(told) {
      const { desk } = this;
      const { place, state: before } = desk;
      const state = await desk.ask(`state?at=${encodeURIComponent(place)}`).catch(() => null);
      if (!state || desk.waiting || place !== desk.place || desk.state !== before) return;
      desk.show(state);
      if (told.mark !== before.plan.mark) planner.panels.tell(say("others_shown", { name: told.by }));
    }
  }

  planner.Watch = Watch;
})();
