// A few pages as somebody reads them whose browser asks for German and stands in Berlin.

export async function inGerman({ browser, origin, password, look, check }) {
  const context = await browser.newContext({
    locale: "de-DE", timezoneId: "Europe/Berlin", viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  const go = (path) => page.goto(origin + path, { waitUntil: "load" });
  const german = async (name, heading) => {
    check((await page.locator("html").getAttribute("lang")) === "de", `${name} says that it is German`);
    const found = (await page.locator("h1").first().textContent()).trim();
    check(found === heading, `${name} is headed ${heading}, not ${found}`);
    await look(page, `german-${name}`);
  };
  for (const [name, path, heading] of [
    ["requests", "/requests", "Nach Ihren Daten fragen"],
    ["verify", "/verify", "Wie Sie prüfen, was Sie bekommen haben"],
    ["sign-in", "/sign-in", "Anmelden"],
  ]) {
    await go(path);
    await german(name, heading);
  }
  await page.fill("#mail", "ada@harbor.example");
  await page.fill("#password", password);
  await Promise.all([page.waitForURL(`${origin}/`), page.click('form[action="/sign-in"] button')]);
  await german("overview", "Überblick");
  await go("/interactions");
  await german("interactions", "Gespräche");
  const foot = await page.locator(".foot").textContent();
  check(foot === "Zeiten in Europe/Berlin", `times are on the browser's clock: ${foot}`);
  const shown = await page.locator("tbody time").first().textContent();
  check(/^\d\d\.\d\d\.\d{4} \d\d:\d\d$/.test(shown), `an instant is written as Germans do: ${shown}`);
  await go("/search");
  await german("search", "Suche");
  await context.close();
}
