// Coming in by an organisation's identity provider, and files that come in part by part: by the
// page, over connections that break, and by a program from a package.

import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(`${process.cwd()}/`);

export async function singleSignOn({ browser, page, go, origin, look, check }) {
  const started = spawn(process.execPath, [
    fileURLToPath(new URL("./provider.mjs", import.meta.url)),
    `${origin}/sign-in/back`, `${origin}/sign-in`,
  ], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const issuer = await new Promise((resolve, reject) => {
      started.stdout.on("data", (bytes) => resolve(String(bytes).trim()));
      started.on("exit", () => reject(new Error("the identity provider ended")));
    });
    await go("/single-sign-on");
    await look(page, "single-sign-on-none");
    await page.fill("#label", "Harbor");
    await page.fill("#issuer", "http://127.0.0.1:1");
    await page.fill("#client", "privity");
    await page.fill("#secret", "a long secret that is only for this check");
    await page.click("form.card button");
    await page.waitForSelector(".fault");
    check(true, "a provider that cannot be reached is not kept");
    await page.fill("#issuer", issuer);
    await page.fill("#secret", "a long secret that is only for this check");
    await page.fill("#domains", "harbor.example");
    await page.selectOption("#domain_role", "analyst");
    await page.check('input[name="listed"]');
    await page.click("form.card button");
    await page.waitForSelector(".told");
    await look(page, "single-sign-on");

    const context = await browser.newContext();
    // The provider's own pages fetch a font from elsewhere; nothing of it is needed.
    await context.route(/^https:/, (route) => route.abort());
    const guest = await context.newPage();
    await guest.goto(`${origin}/sign-in`);
    await look(guest, "sign-in-listed");
    await guest.click("text=Sign in with Harbor");
    await guest.waitForURL(`${issuer}/**`);
    await guest.fill('input[name="login"]', "wanda");
    await guest.fill('input[name="password"]', "anything");
    await guest.click('button[type="submit"]');
    await guest.waitForSelector("text=/Continue|Authorize/");
    await guest.click('button[type="submit"]');
    await guest.waitForURL(`${origin}/`);
    check((await guest.locator(".who b").textContent()) === "wanda", "a person of the provider is in");
    await guest.goto(`${origin}/account`);
    check((await guest.locator("text=signed in by single sign-on").count()) > 0, "the history says how");
    await guest.click("text=Sign out >> nth=0");
    await guest.waitForSelector("text=Sign out there too");
    await look(guest, "signed-out");
    await guest.goto(`${origin}/sign-in/back?state=made-up&code=x`);
    await guest.waitForSelector(".fault");
    await look(guest, "not-signed-in");
    await context.close();
  } finally {
    started.kill();
  }
}

/// A recording of noise, longer than two parts.
function noise(length) {
  const wav = Buffer.alloc(length);
  wav.write("RIFF", 0, "latin1");
  wav.writeUInt32LE(length - 8, 4);
  wav.write("WAVEfmt ", 8, "latin1");
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8000, 24);
  wav.writeUInt32LE(16000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36, "latin1");
  wav.writeUInt32LE(length - 44, 40);
  let state = 1;
  for (let at = 44; at < length; at += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    wav[at] = state >>> 24;
  }
  return wav;
}

export async function uploaded({ page, go, look, check }) {
  // Longer than two slices, quiet to process: what matters is that it arrives.
  // A file on disk: it is known again by its name, size and last change.
  const file = join(mkdtempSync(join(tmpdir(), "pages-")), "long.wav");
  writeFileSync(file, noise(9 * 1024 * 1024));
  await go("/take-in");
  let sent = 0;
  await page.route("**/take-in/uploads/*", (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    sent += 1;
    // The second slice's connection breaks, once; the third's until the page is loaded anew.
    return sent === 2 || sent > 3 ? route.abort("connectionreset") : route.continue();
  });
  await page.setInputFiles("#file", file);
  await page.click("main form.drop-zone button");
  await page.waitForSelector("text=the connection broke");
  while (sent < 4) await page.waitForTimeout(200);
  await page.unroute("**/take-in/uploads/*");
  await go("/take-in");
  await page.waitForSelector("text=Not finished");
  check((await page.locator("text=long.wav").count()) > 0, "what did not arrive is named to its sender");
  await look(page, "take-in-unfinished");
  const again = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") again.push(Number(request.headers()["upload-offset"]));
  });
  await page.setInputFiles("#file", file);
  await page.click("main form.drop-zone button");
  await page.waitForSelector(".outcomes .state.good", { timeout: 120_000 });
  check(again.length > 0 && again[0] > 0, `it went on where it stopped (${again})`);
  await look(page, "take-in-sent");
}

// A mail server delivers a message and somebody puts a file into a share; nobody touches the page.
export async function watched({ page, go, look, check, program, data }) {
  const place = mkdtempSync(join(tmpdir(), "pages-"));
  const [mail, share] = [join(place, "mail"), join(place, "recordings")];
  for (const part of ["tmp", "new", "cur"]) mkdirSync(join(mail, part), { recursive: true });
  mkdirSync(share);
  const add = (...words) => execFileSync(program, ["--data", data, "source", "add", ...words, "--tenant", "demo"]);
  add(mail, "--mailbox", "--address", "calls@harbor.example");
  add(share, "--agent", "Nora Lind", "--party", "sales line");
  writeFileSync(join(mail, "new", "1.host"), [
    "Message-ID: <watched@harbor.example>", "Date: Fri, 09 Oct 2026 07:40:00 +0000", "From: Ann <ann@example.org>",
    "To: calls@harbor.example", "Subject: A late parcel", "", "Where is it? My card is 4111 1111 1111 1111.", "",
  ].join("\r\n"));
  const taken = page.locator(".sources li", { hasText: "calls@harbor.example" }).getByText("1 taken in");
  for (let tries = 0; tries < 60 && (await taken.count()) === 0; tries += 1) {
    await page.waitForTimeout(500);
    await go("/take-in");
  }
  check((await taken.count()) === 1, "a mail that was delivered is taken in by itself");
  check(existsSync(join(mail, "cur", "1.host:2,S")), "the message was read");
  check((await page.locator(".sources li", { hasText: "recordings" }).getByText("Nothing has arrived").count()) === 1, "a watched folder without files says so");
  await look(page, "take-in-watched");
}

export async function byProgram({ origin, key, check }) {
  const tus = require("tus-js-client");
  const bytes = Buffer.from(JSON.stringify({
    format: "privity.chat/1", id: "tus-1", channel: "chat", started: "2026-10-08T16:20:05Z", direction: "inbound",
    parties: [{ role: "agent", name: "Nora Lind" }, { role: "consumer", name: "Tom Hill" }],
    messages: [{ from: 1, at: "2026-10-08T16:20:05Z", text: "Sent part by part." }, { from: 0, at: "2026-10-08T16:20:41Z", text: "And here as a whole." }],
  }));
  const headers = { authorization: `Bearer ${key}` };
  const place = await new Promise((resolve, reject) => {
    const upload = new tus.Upload(bytes, {
      endpoint: `${origin}/api/v1/uploads`, headers, chunkSize: 64, metadata: { filename: "chat.json" },
      onError: reject, onSuccess: () => resolve(upload.url),
    });
    upload.start();
  });
  const became = await (await fetch(place, { headers })).json();
  check(became.outcomes?.[0]?.outcome === "taken_in", "a file of a tus client is taken in");
}
