// Looks at every page of a served demo as people do: both themes, a desk and a telephone, by
// keyboard, with the sound playing; judged by axe, with every request watched.
//
// node check.mjs PROGRAM DATA MODELS SAMPLES SHOTS

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

import { byProgram, singleSignOn, uploaded, watched } from "./doors.mjs";
import { officerDesk, operatorDesk, publicPages } from "./desk.mjs";
import { inGerman } from "./german.mjs";

const require = createRequire(`${process.cwd()}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [program, data, models, samples, shots] = process.argv.slice(2);
const LARGEST = 100 * 1024;
const WIDTHS = [1440, 390];
const THEMES = ["light", "dark"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PASSWORD = "crumple-orbit-9-lantern";
const CHROMIUM = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];

const faults = [];
let checks = 0;
const check = (holds, what) => {
  checks += 1;
  if (!holds) { faults.push(what); console.error(`  wrong: ${what}`); }
};

const server = spawn(program, [
  "demo", "--data", data, "--models", models, "--samples", samples,
  "--conversations", "60", "--port", "0",
], { stdio: ["ignore", "ignore", "pipe"] });
const served = await new Promise((resolve, reject) => {
  let said = "";
  server.stderr.on("data", (bytes) => {
    said += bytes;
    const found = /open (http:\S+) in a browser and sign in with the code (\w+)[\s\S]*set-up with the code (\w+)\s[\s\S]*privacy desk with the code (\w+)/.exec(said);
    if (found) resolve({ origin: found[1], guest: found[2], first: found[3], desk: found[4] });
  });
  server.on("exit", () => reject(new Error(`the demo ended:\n${said}`)));
});

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: CHROMIUM });
try {
  await run(served);
} finally {
  await browser.close();
  server.kill("SIGINT");
}
console.log(`pages: ${checks - faults.length} checks hold, ${faults.length} do not`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function run({ origin, first, desk }) {
  mkdirSync(shots, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const foreign = new Set();
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !/^(data|blob):/.test(address)) foreign.add(address);
  });
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) check(false, `console: ${message.text()}`);
  });
  page.on("pageerror", (error) => check(false, `script: ${error.message}`));
  const go = (path) => page.goto(origin + path, { waitUntil: "load" });

  for (const [name, path] of [["sign-in", "/sign-in"], ["join", "/join"], ["set-up", "/set-up"]]) {
    await go(path);
    await look(page, name);
  }
  await go("/set-up");
  await page.fill("#code", first);
  await page.fill("#name", "Ada Lindgren");
  await page.fill("#mail", "ada@harbor.example");
  await page.fill("#password", PASSWORD);
  await Promise.all([page.waitForURL(`${origin}/`), page.click("main form button")]);

  await look(page, "overview");
  const figure = page.locator("a.figure").first();
  const count = Number(await figure.locator("b").textContent());
  check(count > 0, "the overview counts something");
  const tone = page.locator('a.figure:has-text("Sentiment of consumers")');
  const said = await tone.locator("b").textContent();
  check(/^[−+]?\d\.\d\d$/.test(said), `the overview says how consumers sound: ${said}`);
  await Promise.all([page.waitForURL(/[?&]sentiment=-0\.05/), tone.click()]);
  check((await page.locator(".chip").allTextContents()).some((text) => text.startsWith("sentiment of -0.05")), "by a filter");
  // Every day has other conversations; on some nobody was that unhappy.
  const bad = await page.locator("tbody tr").count();
  await look(page, "interactions-sentiment");
  await go("/interactions?sentiment=1");
  const any = await page.locator("tbody tr").count();
  check(any > bad, `and it narrows: ${bad} of ${any}`);
  await go("/interactions");
  await look(page, "interactions");
  await page.check('input[name="id"] >> nth=0');
  await page.check('input[name="id"] >> nth=1');
  await page.fill("#tag", "call back");
  await page.click('button[value="tag"]');
  check((await page.locator(".label").count()) >= 2, "marked rows are tagged");
  await look(page, "interactions-tagged");
  await go("/interactions?redacted=CARD&channel=chat");
  await look(page, "interactions-filtered");
  await opened(page, go, "chat");
  await opened(page, go, "email");
  await listened(page, go);

  await go("/search");
  await look(page, "search");
  await page.fill("#q", "refund OR cancel*");
  await page.press("#q", "Enter");
  await page.waitForSelector(".hit");
  check((await page.locator("mark").count()) > 0, "evidence is lit");
  check(page.url() === `${origin}/search`, "no query in the address");
  await look(page, "search-found");
  await page.fill("#q", "(refund OR");
  await page.press("#q", "Enter");
  await page.waitForSelector("#fault");
  await look(page, "search-fault");

  await page.fill("#q", "refund OR cancel*");
  await page.press("#q", "Enter");
  await page.waitForSelector(".explain");
  await page.click(".explain summary");
  await page.fill("#name", "Billing.Refund or cancel");
  await page.click(".explain form button");
  await page.waitForSelector(".preview .state.good");
  await look(page, "category-preview");
  await page.click('button[value="publish"]');
  await page.waitForSelector("h1:has-text('Billing.Refund or cancel')");
  await go("/categories");
  check((await page.locator("tbody tr").count()) > 8, "the demo's categories are listed");
  await look(page, "categories");
  await page.click("text=Delivery.Late");
  check((await page.locator("table tbody tr").count()) > 2, "a category lists what it was found in");
  await look(page, "category");

  await go("/take-in");
  await page.setInputFiles("#file", { name: "note.zip", mimeType: "application/zip", buffer: Buffer.from("PK\u0003\u0004 no") });
  await page.click("main form button");
  await page.waitForSelector(".outcomes .state.bad");
  await look(page, "take-in");
  await uploaded({ page, go, look, check });
  await watched({ page, go, look, check, program, data });
  await go("/troubles");
  check((await page.locator("tbody tr").count()) > 0, "what was refused is listed");
  await look(page, "troubles");
  await go("/ledger");
  check((await page.locator("tbody tr").count()) > 50, "the ledger has leaves");
  await look(page, "ledger");
  await reviewed(page, go, origin);
  await go("/people");
  await page.click('button[aria-label="New code for Priya Nair"]');
  await page.waitForSelector(".told");
  await look(page, "people");
  const code = await page.locator(".secret").textContent();
  await page.fill("#name", "Olga Officer");
  await page.fill("#mail", "olga@harbor.example");
  await page.check('input[value="privacy_officer"]');
  await page.click("form.card button");
  await page.waitForSelector(".told");
  const officer = await page.locator(".secret").textContent();
  await go("/keys");
  await page.fill("#label", "importer");
  await page.click("form.card button");
  await page.waitForSelector(".told");
  await look(page, "keys");
  await byProgram({ origin, key: await page.locator(".secret").textContent(), check });
  await singleSignOn({ browser, page, go, origin, look, check });
  await go("/account");
  await look(page, "account");
  await go("/nowhere-at-all");
  await byKeyboard(page, go);
  await asAgent(origin, code);
  const own = { browser, origin, password: PASSWORD, look, check };
  await publicPages({ ...own, post: `${data}/post` });
  await inGerman(own);
  await officerDesk({ ...own, code: officer });
  await operatorDesk({ ...own, code: desk });
  check(foreign.size === 0, `requests to others: ${[...foreign].join(" ")}`);
}

async function look(page, name) {
  const html = await page.content();
  const size = gzipSync(html).length;
  check(size < LARGEST, `${name}: ${size} bytes compressed`);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width > 600 ? 900 : 844 });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(wide <= 0, `${name} ${width} ${theme}: ${wide} px too wide`);
      await page.evaluate(axe);
      const found = await page.evaluate((rules) => axe.run({ runOnly: rules }), RULES);
      for (const rule of found.violations) {
        const where = rule.nodes.slice(0, 3).map((node) => `${node.target} (${node.failureSummary?.split("\n")[1]?.trim() ?? ""})`);
        check(false, `${name} ${width} ${theme}: ${rule.id} at ${where.join(", ")}`);
      }
      checks += found.passes.length;
      await page.screenshot({ path: `${shots}/${name}-${width}-${theme}.png` });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

async function opened(page, go, channel) {
  await go(`/interactions?channel=${channel}&status=ready`);
  await page.click("tbody td a");
  await page.waitForSelector(".transcript");
  check((await page.locator(".turn").count()) > 1, `${channel}: there are messages`);
  if (channel === "email") check((await page.locator(".quote").count()) > 0, "quoted text is folded");
  await look(page, `one-${channel}`);
}

/// The call with sound: it plays, follows, jumps and skips.
async function listened(page, go) {
  let path = null;
  await go("/interactions?channel=voice&status=ready&col=channel");
  for (let pages = 0; pages < 20 && !path; pages += 1) {
    const links = await page.locator("tbody td a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    const next = await page.locator('a[rel="next"]').getAttribute("href").catch(() => null);
    for (const link of links) {
      await go(link);
      if (await page.locator(".player").count()) { path = link; break; }
    }
    if (!path && next) await go(next); else if (!path) break;
  }
  check(path !== null, "there is a call with redacted audio");
  if (!path) return;
  await page.waitForFunction(() => document.querySelector("audio").readyState > 0);
  const wave = await page.locator(".wave img").evaluate((img) => img.complete && img.naturalWidth > 0);
  check(wave, "the sound's shape is drawn");
  await look(page, "one-call");
  await page.locator("main").focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector("audio").currentTime > 1.2);
  check(await page.locator(".now").count() === 1, "the spoken word is lit");
  await page.keyboard.press("Space");
  check(await page.evaluate(() => document.querySelector("audio").paused), "space pauses");
  const word = page.locator(".w").nth(30);
  await word.click();
  const [at, now] = [Number(await word.getAttribute("data-at")) / 1000, await page.evaluate(() => document.querySelector("audio").currentTime)];
  check(Math.abs(now - at) < 4, `a click plays from the word (${now} for ${at})`);
  await page.keyboard.press("l");
  check((await page.locator('[data-do="loop"]').getAttribute("aria-pressed")) === "true", "L loops");
  await page.evaluate(() => document.querySelector("audio").pause());
  await go(`${path}#t5000`);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("audio").currentTime > 4.5);
  check(true, "a link to a second starts there");
}

/// Topics: asked for, found in the background, with shares and examples.
async function topics(page, go) {
  await go("/topics");
  await look(page, "topics");
  await page.fill("#topics-query", "channel:chat");
  await page.fill("#topics-split", new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10));
  await page.click('form[action="/topics"] button');
  for (let waited = 0; waited < 180 && (await page.locator(".state.busy").count()) > 0; waited += 1) {
    await page.waitForTimeout(1_000);
    await page.reload();
  }
  check((await page.locator("text=are like no topic").count()) === 1, "what is unclassified is said");
  check((await page.locator("text=Drift").count()) === 1, "two periods are compared");
  check((await page.locator('a.time[href*="#t"]').count()) > 0, "example turns lead to their second");
  await look(page, "topic");
}

/// Alerts, moments, a form beside an interaction, calibration, scoring, coaching, a kept view.
async function reviewed(page, go, origin) {
  await go("/alerts");
  check((await page.locator("article.hit").count()) > 1, "the demo's alerts are raised");
  check((await page.locator(".sent .state.good").count()) > 0, "some were told");
  check((await page.locator("article mark").count()) > 0, "with the words that raised them");
  await look(page, "alerts");
  await topics(page, go);
  await go("/scoring");
  check((await page.locator("table tbody tr").count()) > 10, "forms are filled in");
  check((await page.locator("text=Disputed by the agent").count()) === 1, "one is disputed");
  await look(page, "scoring");
  await page.click("text=Fill in >> nth=0");
  await page.waitForSelector(".questions");
  await look(page, "filling");
  for (const field of await page.locator(".questions fieldset").all()) await field.locator("input").first().check();
  await page.fill(".questions textarea", "Keep naming the day.");
  await page.click(".questions button");
  await page.waitForSelector("#forms");
  check((await page.locator("#forms + .found").count()) === 1, "the form stands beside it");
  const one = page.url().split("#")[0];
  await page.fill("#moment-text", "Here the tone changes.");
  await page.fill("#moment-at", "0:01");
  await page.click(".noting button");
  await page.waitForSelector(".moments li");
  check((await page.locator("text=Here the tone changes.").count()) === 1, "a moment is noted");
  await page.click("text=Ask somebody to listen");
  await page.selectOption("#asked", { label: "Nora Lind" });
  await page.fill("#part-from", "0:00");
  await page.fill("#part-until", "0:05");
  await page.fill("#part-note", "How would you open here?");
  await look(page, "one-asked");
  await page.click(`form[action$="/assign"] button`);
  await page.waitForSelector("text=How would you open here?");
  await go("/calibration");
  check((await page.locator("tbody tr").count()) === 2, "two sessions");
  await look(page, "calibrations");
  await page.click("text=Listening, last month");
  await page.waitForSelector("text=How far they agree");
  await look(page, "calibration");
  await go("/coaching");
  check((await page.locator(".assigned").count()) > 5, "assignments are open");
  await look(page, "coaching");
  await go("/interactions?channel=chat&status=ready");
  await page.click("text=Keep this view");
  await page.fill("#view-name", "Ready chats");
  await page.click(".views form.menu button");
  await page.waitForSelector(".chip.view");
  check(page.url() === `${origin}/interactions?channel=chat&status=ready`, "a kept view is the list");
  check(one.includes("/interactions/int_"), "and no word is in an address");
}

async function byKeyboard(page, go) {
  await go("/");
  await page.keyboard.press("Tab");
  check((await page.evaluate(() => document.activeElement.className)) === "skip", "the first stop skips to the content");
  await page.keyboard.press("Enter");
  check((await page.evaluate(() => document.activeElement.id)) === "main", "and does");
}

async function asAgent(origin, code) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/join`);
  await page.fill("#code", code);
  await page.fill("#password", PASSWORD);
  await page.click("main form button");
  await page.waitForURL(`${origin}/interactions`);
  check((await page.locator("tbody tr").count()) > 0, "an agent sees their own interactions");
  await look(page, "agent");
  await page.goto(`${origin}/coaching`);
  check((await page.locator(".assigned").count()) > 0, "an agent is asked to listen");
  await look(page, "agent-coaching");
  await context.close();
}
