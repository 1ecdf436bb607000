// Follows the redacted audio in the picture and the transcript; keyboard for everything. Without
// script the browser's own controls play it.
(() => {
  const player = document.querySelector(".player");
  const audio = player?.querySelector("audio");
  if (!audio) return;
  const find = (name) => player.querySelector(name);
  const [wave, cursor, band, clock] = [".wave", ".cursor", ".loop", ".clock"].map(find);
  const words = [...document.querySelectorAll("[data-at]")];
  const starts = words.map((word) => Number(word.dataset.at) / 1000);
  const order = starts.map((_, i) => i).sort((a, b) => starts[a] - starts[b]);
  const turns = [...document.querySelectorAll(".turn")].map((turn) => Number(turn.id.slice(1)) / 1000);
  const removed = words.filter((word) => word.classList.contains("tag")).map((word) => Number(word.dataset.at) / 1000);
  const skips = player.dataset.skips.split(" ").filter(Boolean)
    .map((span) => span.split("-").map((ms) => Number(ms) / 1000));
  const moments = [...document.querySelectorAll("[data-moment]")].map((one) => Number(one.dataset.moment) / 1000);
  const length = () => audio.duration || Number(player.dataset.length) / 1000;
  const part = { from: null, to: null };
  let [lit, skipping, looping] = [-1, false, false];

  audio.hidden = true;
  find(".controls").hidden = false;
  cursor.hidden = false;
  wave.classList.add("seekable");
  document.querySelector(".transcript").classList.add("playable");

  const minutes = (time) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, "0")}`;
  const wordAt = (time) => {
    let [low, high] = [0, order.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[order[middle]] <= time) low = middle; else high = middle - 1;
    }
    return order.length && starts[order[low]] <= time ? order[low] : -1;
  };
  const seek = (time) => {
    audio.currentTime = Math.min(Math.max(0, time), length() || 0);
    draw();
  };
  // Refused where a pause comes before the sound has begun; then it is paused, as was asked.
  const start = () => audio.play().catch(() => {});
  const playFrom = (time) => { seek(time); start(); };

  function draw() {
    const now = audio.currentTime;
    const wide = length() || 1;
    cursor.style.left = `${(now / wide) * 100}%`;
    clock.textContent = `${minutes(now)} / ${minutes(wide)}`;
    band.hidden = part.from === null || part.to === null;
    if (!band.hidden) {
      band.style.left = `${(part.from / wide) * 100}%`;
      band.style.width = `${((part.to - part.from) / wide) * 100}%`;
    }
    const next = wordAt(now + 0.05);
    if (next === lit) return;
    words[lit]?.classList.remove("now");
    words[next]?.classList.add("now");
    lit = next;
  }

  function tick() {
    const now = audio.currentTime;
    const silence = skipping && skips.find(([from, to]) => now > from + 0.25 && now < to - 0.25);
    if (silence) audio.currentTime = silence[1] - 0.2;
    if (looping && part.to !== null && now >= part.to) audio.currentTime = part.from;
    draw();
    if (!audio.paused) requestAnimationFrame(tick);
  }

  // What people noted, as marks over the picture.
  for (const time of moments) {
    const tick = document.createElement("i");
    tick.style.left = `${(time / (length() || 1)) * 100}%`;
    find(".ticks").append(tick);
  }

  // The second that plays, for what is to be noted; the loop's ends, for a part.
  const written = (time) => `${Math.floor(time / 60)}:${(time % 60).toFixed(1).padStart(4, "0")}`;
  const noting = document.querySelector("[data-now]");
  const ends = Object.fromEntries([...document.querySelectorAll("[data-part]")].map((field) => [field.dataset.part, field]));
  const takeNow = () => { if (noting) noting.value = written(audio.currentTime); };
  document.querySelector(".noting")?.addEventListener("focusin", (event) => {
    if (event.target !== noting && noting.value === noting.defaultValue) takeNow();
  });
  document.querySelector('form[action$="/assign"]')?.closest("details").addEventListener("toggle", () => {
    const looped = part.from !== null && part.to !== null;
    ends.from.value = written(looped ? part.from : audio.currentTime);
    ends.until.value = written(looped ? part.to : Math.min(length(), audio.currentTime + 30));
  });

  const play = find('[data-do="play"]');
  const shown = () => {
    play.textContent = audio.paused ? "▶" : "❚❚";
    play.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
  };
  audio.addEventListener("play", () => { shown(); tick(); });
  audio.addEventListener("pause", shown);
  for (const event of ["timeupdate", "seeked", "loadedmetadata"]) audio.addEventListener(event, draw);

  const pressed = (name, on) => find(`[data-do="${name}"]`).setAttribute("aria-pressed", String(on));
  const loop = (on) => {
    if (on && (part.from === null || part.to === null || part.to <= part.from)) {
      [part.from, part.to] = [audio.currentTime, Math.min(length(), audio.currentTime + 10)];
    }
    looping = on;
    pressed("loop", on);
    draw();
  };
  const speeds = find("[data-speed]");
  const speed = (step) => {
    speeds.selectedIndex = Math.min(Math.max(0, speeds.selectedIndex + step), speeds.length - 1);
    audio.playbackRate = Number(speeds.value);
  };
  const share = async () => {
    const link = `${location.origin}${location.pathname}#t${Math.round(audio.currentTime * 1000)}`;
    const button = find('[data-do="share"]');
    try {
      await navigator.clipboard.writeText(link);
      button.textContent = "Copied";
    } catch {
      location.hash = `t${Math.round(audio.currentTime * 1000)}`;
      button.textContent = "It is in the address bar";
    }
  };
  const acts = {
    play: () => (audio.paused ? start() : audio.pause()),
    back: () => seek(audio.currentTime - 5),
    on: () => seek(audio.currentTime + 5),
    skip: () => { skipping = !skipping; pressed("skip", skipping); },
    loop: () => loop(!looping),
    share,
  };
  player.addEventListener("click", (event) => acts[event.target.dataset?.do]?.());
  speeds.addEventListener("change", () => speed(0));
  words.forEach((word, index) => word.addEventListener("click", () => playFrom(starts[index])));

  const timeOf = (event) => {
    const box = wave.getBoundingClientRect();
    return Math.min(Math.max(0, (event.clientX - box.left) / box.width), 1) * length();
  };
  let pulled = null;
  wave.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    wave.setPointerCapture(event.pointerId);
    pulled = timeOf(event);
  });
  wave.addEventListener("pointerup", (event) => {
    if (pulled === null) return;
    const end = timeOf(event);
    if (Math.abs(end - pulled) < length() * 0.01) seek(end);
    else {
      [part.from, part.to] = [Math.min(pulled, end), Math.max(pulled, end)];
      loop(true);
      seek(part.from);
    }
    pulled = null;
  });

  const after = (list) => list.find((time) => time > audio.currentTime + 0.1);
  const before = (list) => list.filter((time) => time < audio.currentTime - 0.5).pop();
  const jump = (time) => {
    if (time === undefined) return;
    seek(time);
    words[lit]?.scrollIntoView({ block: "center" });
  };
  const keys = {
    " ": acts.play, ArrowLeft: acts.back, ArrowRight: acts.on,
    j: () => jump(after(turns)), k: () => jump(before(turns)), n: () => jump(after(removed)),
    m: () => jump(after(moments.toSorted((a, b) => a - b))),
    c: () => { takeNow(); document.querySelector("#moment-text")?.focus(); },
    "<": () => speed(-1), ">": () => speed(1), ",": () => speed(-1), ".": () => speed(1),
    s: acts.skip, l: acts.loop,
    "[": () => { part.from = audio.currentTime; draw(); },
    "]": () => { part.to = audio.currentTime; loop(true); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, button, a, summary, textarea")) return;
    const act = keys[event.key];
    if (!act) return;
    act();
    event.preventDefault();
  });

  const toMoment = () => {
    const moment = /^#t(\d+)$/.exec(location.hash);
    if (!moment) return;
    const begin = () => jump(Number(moment[1]) / 1000);
    if (audio.readyState > 0) begin(); else audio.addEventListener("loadedmetadata", begin, { once: true });
  };
  addEventListener("hashchange", toMoment);
  toMoment();
  draw();
})();
