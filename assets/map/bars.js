// The bars of the heat player: cases per step, the lit window, the play head.
(function () {
  'use strict';
  const map = ((window.yiping = window.yiping || {}).map = window.yiping.map || {});

  /** Fit the canvas to its box and the screen's resolution. */
  function fit(canvas) {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    return context;
  }

  const LEAST_PX = 2; // below it bars are a smear: several steps share one, days by the week
  const DAY_S = 86400;

  /** How many steps share a bar. */
  function shared(frames, slot) {
    const steps = Math.ceil(LEAST_PX / slot);
    return steps > 1 && frames.step_s === DAY_S ? Math.ceil(steps / 7) * 7 : steps;
  }

  /** Draw the bars; `step` is the last step shown, `whole` whether the picture sums them all. */
  function drawBars(canvas, frames, step, token, whole) {
    const context = fit(canvas);
    const width = canvas.clientWidth;
    const base = canvas.clientHeight - 6;
    const bars = frames.bars || [];
    const slot = width / Math.max(1, frames.edges.length - 1); // there may be steps without bars
    const each = shared(frames, slot);
    const sums = [];
    bars.forEach((count, i) => {
      sums[Math.floor(i / each)] = (sums[Math.floor(i / each)] || 0) + count;
    });
    const most = Math.max(1, ...sums);
    const lit = whole ? -1 : step - Math.max(1, Math.round(frames.window_s / frames.step_s));
    context.fillStyle = map.faded(token('accent'), 0.18);
    context.fillRect((lit + 1) * slot, 0, (step - lit) * slot, base);
    sums.forEach((count, place) => {
      const [first, after] = [place * each, Math.min(bars.length, (place + 1) * each)];
      const height = Math.max(count ? 1 : 0, (count / most) * (base - 4));
      context.fillStyle = token(after - 1 > lit && first <= step ? 'accent' : 'mute');
      const room = (after - first) * slot;
      context.fillRect(first * slot + room * 0.12, base - height, room * 0.76, height);
    });
    context.fillStyle = token('line-strong');
    context.fillRect(0, base, width, 1);
    const head = Math.min(width - 6, Math.max(6, (step + 1) * slot));
    context.fillStyle = token('t1');
    context.fillRect(head - 1, 0, 2, base);
    context.beginPath();
    context.arc(head, base, 5.5, 0, 2 * Math.PI);
    context.fill();
  }

  map.drawBars = drawBars;
})();
