// What HTML cannot do alone on every page: times in the reader's zone, marking all rows, files
// dropped on the form, progress, a snippet's sound. Without it every page still works.
(() => {
  // The server writes times on the clock that the reader chose, else on the browser's as soon as
  // it knows it: from the page after this one.
  const page = document.documentElement;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (here && !("chosen" in page.dataset) && page.dataset.zone !== here) {
    document.cookie = `privity_browser_zone=${here}; Path=/; SameSite=Strict; Max-Age=31536000`;
    const zone = new Intl.DateTimeFormat(page.lang, {
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
      timeZoneName: "short",
    });
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      time.title = `${time.textContent} ${page.dataset.zone}`;
      time.textContent = zone.format(at);
    }
  }

  const all = document.querySelector("[data-all]");
  if (all) {
    const rows = [...document.querySelectorAll('input[name="id"]')];
    const marked = document.querySelector("[data-marked]");
    const tell = () => {
      const count = rows.filter((row) => row.checked).length;
      all.checked = count === rows.length;
      all.indeterminate = count > 0 && count < rows.length;
      marked.textContent = count === 1 ? "1 marked row" : `${count} marked rows`;
    };
    all.hidden = false;
    all.addEventListener("change", () => { rows.forEach((row) => { row.checked = all.checked; }); tell(); });
    rows.forEach((row) => row.addEventListener("change", tell));
    tell();
  }

  const working = document.querySelector("[data-progress]");
  if (working) {
    const bar = working.querySelector("progress");
    const left = working.querySelector("[data-left]");
    const source = new EventSource("/interactions/progress");
    source.onmessage = (event) => {
      const open = Number(event.data);
      bar.max = Math.max(bar.max, open);
      bar.value = bar.max - open;
      left.textContent = open;
      if (open === 0) {
        source.close();
        working.textContent = "All processed. Load the page again to see it.";
      }
    };
    source.onerror = () => source.close();
  }

  const zone_of_files = document.querySelector("[data-drop]");
  if (zone_of_files) dropping(zone_of_files);

  const player = new Audio();
  player.preload = "none";
  let playing = null;
  const stopped = () => { if (playing) playing.textContent = "▶"; playing = null; };
  // A call of which only the transcript came in has no sound.
  const mute = () => { if (playing) playing.hidden = true; stopped(); };
  for (const button of document.querySelectorAll("[data-play]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const same = playing === button;
      player.pause();
      stopped();
      if (same) return;
      playing = button;
      button.textContent = "■";
      if (!player.src.endsWith(button.dataset.play)) player.src = button.dataset.play;
      player.currentTime = Math.max(0, Number(button.dataset.from) / 1000 - 0.3);
      player.play().catch(mute);
    });
  }
  player.addEventListener("ended", stopped);
  // A part ends where it was said to.
  player.addEventListener("timeupdate", () => {
    const until = Number(playing?.dataset.until);
    if (until && player.currentTime * 1000 >= until) { player.pause(); stopped(); }
  });

  function dropping(form) {
    const files = form.querySelector('input[type="file"]');
    form.querySelector("[data-hint]").textContent = "(choose, or drop them anywhere on this form)";
    const table = document.querySelector(".outcomes");
    const body = table.querySelector("tbody");
    const over = (on) => form.classList.toggle("over", on);
    form.addEventListener("dragover", (event) => { event.preventDefault(); over(true); });
    form.addEventListener("dragleave", () => over(false));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      send([...event.dataTransfer.files]);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send([...files.files]);
    });

    const cell = (row, text, state) => {
      const td = row.insertCell();
      const part = document.createElement("span");
      part.textContent = text;
      if (state) part.className = `state ${state}`;
      td.append(part);
      return td;
    };
    const told = (row, found) => {
      row.deleteCell(1);
      const td = cell(row, found.words, found.state);
      if (found.id) {
        const link = document.createElement("a");
        link.href = `/interactions/${found.id}`;
        link.textContent = "open";
        td.append(" ", link);
      }
    };
    async function send(list) {
      table.hidden = false;
      for (const file of list) {
        const row = body.insertRow(0);
        cell(row, file.name);
        cell(row, "sending …", "busy");
        const data = new FormData(form);
        data.delete("file");
        data.append("file", file);
        try {
          const answer = await fetch(form.action, {
            method: "POST", body: data, headers: { accept: "application/json" },
          });
          if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
          const [first, ...more] = await answer.json();
          told(row, first);
          for (const found of more) {
            const next = body.insertRow(1);
            cell(next, found.file);
            cell(next, "");
            told(next, found);
          }
        } catch (error) {
          told(row, { words: `not sent: ${error.message}; it is safe to try again`, state: "bad" });
        }
      }
      files.value = "";
    }
  }
})();
