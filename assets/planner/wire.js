// What the desk asks of the server: one plan's addresses, asked again for as long as nobody answers.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const planner = (root.planner = root.planner || {});
  const say = (key, values) => planner.texts.get(key, values);
  const WAITS_MS = [500, 1000, 2000, 4000, 8000];
  const FAULTS = 4; // answers that the server could not, after which its word is taken for it
  const GATEWAY = [502, 504]; // a proxy says that nobody answers

  /** What the server says against a request: why, text, and the grids and atoms that it concerns. */
  class Refused extends Error {
    constructor(status, answer) {
      super(answer.text || answer.error || say("faulted", { status }));
      this.status = status;
      this.answer = { why: "", grids: [], atoms: [], text: this.message, ...answer };
    }
  }

  /** Whether asking again may help: nobody answered, or the server could not. */
  function passing(error) {
    return !(error instanceof Refused) || error.status >= 500 || error.status === 429;
  }

  /** What an address answers; whatever goes wrong is said in the language of the page, a browser's own words are not. */
  async function answered(address, options) {
    const unreached = (error) => { throw new Error(say("unreached"), { cause: error }); };
    const answer = await fetch(address, options).catch(unreached);
    if (answer.ok) return answer.json().catch(unreached);
    throw new Refused(answer.status, await answer.json().catch(() => ({}))); // a proxy's page is no answer
  }

  class Wire {
    /** `lost(tries)` is told of every vain try, and 0 when an answer comes after such. */
    constructor(plan, language, lost) {
      Object.assign(this, { plan, language, lost });
    }

    /** One answer; POST where there is a body. */
    async ask(path, body, signal) {
      const [bare, query] = path.split("?");
      const asked = new URLSearchParams(query);
      asked.set("lang", this.language);
      const posted = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
      const options = { cache: "no-store", signal, ...(body === undefined ? {} : posted) };
      return answered(`/api/plans/${this.plan}/${bare}?${asked}`, options);
    }

    /** Ask until there is an answer or a refusal; a server that fails again and again has refused. */
    async insist(path, body) {
      let faults = 0;
      for (let tries = 0; ; tries += 1) {
        try {
          const answer = await this.ask(path, body);
          if (tries) this.lost(0);
          return answer;
        } catch (error) {
          faults += error.status >= 500 && !GATEWAY.includes(error.status) ? 1 : 0;
          if (!passing(error) || faults >= FAULTS) {
            if (tries) this.lost(0);
            throw error;
          }
          this.lost(tries + 1);
          await new Promise((done) => setTimeout(done, WAITS_MS[Math.min(tries, WAITS_MS.length - 1)]));
        }
      }
    }
  }

  planner.Refused = Refused;
  planner.answered = answered;
  planner.Wire = Wire;
})();
