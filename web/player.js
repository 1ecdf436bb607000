// Follows the redacted audio in the transcript: the word that is spoken is lit, a click or Enter
// on a word plays from it, a link to a moment starts there. Without script the page still plays.
(() => {
  const audio = document.getElementById("audio");
  if (!audio) return;
  const words = [...document.querySelectorAll("[data-at]")];
  const starts = words.map((word) => Number(word.dataset.at) / 1000);
  document.querySelector(".transcript").classList.add("playable");
  let lit = -1;

  const wordAt = (time) => {
    let found = -1;
    for (let i = 0; i < starts.length; i++) {
      if (starts[i] <= time && (found < 0 || starts[i] >= starts[found])) found = i;
    }
    return found;
  };

  const light = () => {
    const now = wordAt(audio.currentTime + 0.05);
    if (now === lit) return;
    words[lit]?.classList.remove("now");
    words[now]?.classList.add("now");
    lit = now;
  };

  const playFrom = (index) => {
    audio.currentTime = starts[index];
    audio.play();
  };

  audio.addEventListener("timeupdate", light);
  audio.addEventListener("seeked", light);
  words.forEach((word, index) => word.addEventListener("click", () => playFrom(index)));

  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, button, a, summary, audio")) return;
    const step = { ArrowLeft: -5, ArrowRight: 5 }[event.key];
    if (step) audio.currentTime = Math.max(0, audio.currentTime + step);
    else if (event.key === " ") audio.paused ? audio.play() : audio.pause();
    else return;
    event.preventDefault();
  });

  const moment = /^#t(\d+)$/.exec(location.hash);
  if (moment) audio.currentTime = Number(moment[1]) / 1000;
})();
