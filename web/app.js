// What HTML cannot do alone on every page: times in the reader's zone, marking all rows, files
// dropped on the form, progress, a snippet's sound. Without it every page still works.
(() => {
  // Bytes that are sent at once.
  const SLICE = 4 * 1024 * 1024;
  // A failure that another try would not mend.
  class Stop extends Error {}

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
  if (working && !working.hidden) follow(working);

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
      document.querySelector("[data-open]")?.remove();
      const rows = list.map((file) => {
        const row = body.insertRow(0);
        cell(row, file.name);
        cell(row, "waits", "busy");
        return row;
      });
      for (const [place, file] of list.entries()) {
        const row = rows[place];
        try {
          const [first, ...more] = await sent(form, file, progress(row));
          told(row, first);
          for (const found of more) {
            const next = body.insertRow(row.sectionRowIndex + 1);
            cell(next, found.file);
            cell(next, "");
            told(next, found);
          }
        } catch (error) {
          told(row, { words: `not sent: ${error.message}; drop it again to go on`, state: "bad" });
        }
      }
      files.value = "";
      follow(document.querySelector("[data-progress]"));
    }

    const progress = (row) => {
      row.deleteCell(1);
      const td = row.insertCell();
      const bar = document.createElement("progress");
      const text = document.createElement("span");
      bar.setAttribute("aria-label", "Sent");
      td.append(bar, " ", text);
      return (done, all, words) => {
        bar.max = all;
        bar.value = done;
        text.textContent = words ?? `${Math.floor((100 * done) / all)} %`;
      };
    };
  }

  // One file by tus 1.0.0, slice by slice; after a broken connection, or when the same file is
  // chosen again after the page was loaded anew, it goes on where it stopped.
  async function sent(form, file, tell) {
    const at = form.dataset.uploads;
    const headers = { "tus-resumable": "1.0.0", "x-form": form.querySelector('[name="csrf"]').value };
    const known = `upload ${fingerprint(file)}`;
    const coded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    const begin = async () => {
      const labels = [["filename", file.name], ["agent", form.agent.value], ["party", form.party.value]];
      const metadata = labels.filter(([, text]) => text).map(([name, text]) => `${name} ${coded(text)}`);
      const answer = await fetch(at, {
        method: "POST", headers: { ...headers, "upload-length": file.size, "upload-metadata": metadata.join(",") },
      });
      if (!answer.ok) throw new Error((await answer.json()).detail ?? `the server answered ${answer.status}`);
      const place = answer.headers.get("location");
      localStorage.setItem(known, place);
      return place;
    };
    const here = async (place) => {
      const answer = await fetch(place, { method: "HEAD", headers });
      return answer.ok ? Number(answer.headers.get("upload-offset")) : null;
    };
    let place = localStorage.getItem(known);
    let offset = place ? await patiently(() => here(place), tell) : null;
    if (offset === null) {
      place = await begin();
      offset = 0;
    }
    while (offset < file.size) {
      tell(offset, file.size);
      const slice = file.slice(offset, offset + SLICE);
      offset = await patiently(async (again) => {
        if (again) {
          const now = await here(place);
          if (now === null) throw new Stop("the upload was forgotten");
          if (now !== offset) return now;
        }
        const answer = await fetch(place, {
          method: "PATCH", body: slice,
          headers: { ...headers, "upload-offset": offset, "content-type": "application/offset+octet-stream" },
        });
        if (answer.ok) return Number(answer.headers.get("upload-offset"));
        if (answer.status === 409 || answer.status >= 500) throw new Error(`${answer.status}`);
        throw new Stop((await answer.json()).detail ?? `the server answered ${answer.status}`);
      }, tell);
    }
    tell(file.size, file.size, "read and sealed …");
    const answer = await patiently(() => fetch(place, { headers }), tell);
    localStorage.removeItem(known);
    if (!answer.ok) throw new Error((await answer.json()).detail ?? `the server answered ${answer.status}`);
    return answer.json();
  }

  // Tries again while the connection is broken, for some minutes.
  async function patiently(work, tell) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await work(tries > 0);
      } catch (error) {
        if (error instanceof Stop || tries >= 10) throw error;
        tell(0, 1, "the connection broke; going on soon …");
        await new Promise((resolve) => { setTimeout(resolve, Math.min(30, 2 ** tries) * 500); });
      }
    }
  }

  // Not the file's name: what the browser keeps names nobody.
  function fingerprint(file) {
    let hash = 0xcbf29ce484222325n;
    for (const byte of new TextEncoder().encode(`${file.name}|${file.size}|${file.lastModified}`)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
    return hash.toString(16);
  }

  function follow(working) {
    if (!working) return;
    working.hidden = false;
    const bar = working.querySelector("progress");
    const left = working.querySelector("[data-left]");
    if (!bar) return;
    const source = new EventSource("/interactions/progress");
    source.onmessage = (event) => {
      const open = Number(event.data);
      bar.max = Math.max(bar.max, open, 1);
      bar.value = bar.max - open;
      left.textContent = open;
      if (open === 0) {
        source.close();
        working.textContent = "All processed. Load the page again to see it.";
      }
    };
    source.onerror = () => source.close();
  }
})();
