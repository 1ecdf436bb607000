// The privacy desk and the public pages: what a person without an account does, what a tenant's
// privacy officer does, what the operator's desk does. Without script where that is promised.

import { readFileSync, readdirSync } from "node:fs";

/// Pages for anybody, in a browser that runs no script.
export async function publicPages({ browser, origin, post, look, check }) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const go = (path) => page.goto(origin + path, { waitUntil: "load" });
  await go("/policy");
  check((await page.locator(".clause").count()) > 40, "the policy shows its clauses");
  await go("/policy#P41");
  check(await page.locator("#P41").isVisible(), "a clause has its anchor");
  await go("/policy/versions");
  await page.click("tbody a");
  check((await page.locator(".state.good").count()) > 0, "the only version is in force");
  await go("/policy");
  await page.click("text=Orders of authorities in numbers");
  check((await page.locator("tbody tr").count()) >= 1, "the transparency report is counted from the register");
  check(!/Hamburg|Demo Organisation/.test(await page.locator("main").textContent()), "and names nobody");
  check((await (await context.request.get(`${origin}/transparency.json`)).json()).printed_from === 5, "programs read it, too");
  await go("/requests");
  check((await page.locator(".note").count()) === 0, "codes can be sent");
  await page.check('input[value="locate"]');
  await page.fill("#address", "nobody@elsewhere.example");
  await page.click("main form button");
  const reference = (await page.locator(".secret").textContent()).trim();
  check(page.url() === `${origin}/requests`, "no reference in the address");
  const letter = readdirSync(post).find((name) => name.startsWith(reference.split(".")[0]));
  const code = /Your code is (\d{8})/.exec(readFileSync(`${post}/${letter}`, "utf8"))[1];
  await page.fill("#code", code);
  await page.click("main form button");
  check((await page.locator("h1").textContent()) === "Proven", "the code proves it");
  await go("/requests/status");
  await page.fill("#reference", reference);
  await page.click("main form button");
  check((await page.locator(".state").textContent()) === "ended", "the state is shown for the reference");
  check(!(await page.content()).includes("Demo Organisation"), "not who holds anything");
  await context.close();

  const seen = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const shown = await seen.newPage();
  for (const [name, path] of [
    ["public-policy", "/policy"], ["public-versions", "/policy/versions"], ["public-compare", "/policy/compare"],
    ["public-request", "/requests"], ["public-prove", "/requests/prove"], ["public-status", "/requests/status"],
    ["public-verify", "/verify"], ["public-transparency", "/transparency"],
  ]) {
    await shown.goto(origin + path, { waitUntil: "load" });
    await look(shown, name);
  }
  await shown.goto(`${origin}/requests`);
  await shown.fill("#address", "somebody@elsewhere.example");
  await shown.click("main form button");
  await look(shown, "public-sent");
  await seen.close();
}

/// The desk of a tenant's privacy officer, who was invited by its owner.
export async function officerDesk({ browser, origin, code, password, look, check }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const go = (path) => page.goto(origin + path, { waitUntil: "load" });
  await join(page, origin, code, password);
  await go("/desk");
  await look(page, "desk");
  await go("/desk/requests");
  check((await page.locator("tbody tr").count()) >= 3, "persons' requests have come in");
  await look(page, "desk-requests");
  await page.click("text=access to what is held");
  check((await page.locator("ol.log li").count()) >= 3, "a request shows its steps");
  await look(page, "desk-request");
  const [pack] = await Promise.all([page.waitForEvent("download"), page.click("text=Make the pack")]);
  check(pack.suggestedFilename().endsWith(".zip"), "the pack is handed over");
  await page.fill("#question", "Which number did you call from?");
  await page.click('button[value="pause"]');
  check((await page.locator(".head .state").textContent()) === "waits for the person", "the clock is paused");
  await page.click('button[value="resume"]');
  await page.fill("#what", "the pack was handed over");
  await page.click('button[value="fulfil"]');
  check((await page.locator(".head .state").textContent()) === "ended", "a request is fulfilled");
  await go("/desk/requests?state=open");
  await page.click("tbody >> text=erasure");
  await page.check('input[name="sure"]');
  await page.click("button.danger:has-text('Erase')");
  await page.waitForSelector(".receipt");
  check(/proof of leaf/.test(await page.locator(".receipt").textContent()), "the receipt holds its proofs");
  await look(page, "desk-erased");
  await go("/desk/holds");
  check((await page.locator(".card").count()) >= 2, "a hold is placed");
  await look(page, "desk-holds");
  await go("/desk/retention");
  await page.fill("#days", "300");
  await page.selectOption("#channel", "chat");
  await page.click("form.card button");
  check((await page.locator("text=300").count()) > 0, "a rule is set");
  await look(page, "desk-retention");
  await go("/desk/disclosures");
  check((await page.locator(".board li").count()) >= 3, "disclosures are in the register");
  await look(page, "desk-disclosures");
  await go("/desk/recipients");
  check((await page.locator(".board .fault").count()) >= 1, "one recipient falls short");
  await page.click("text=Grant a recipient");
  await look(page, "desk-recipients");
  await go("/desk/orders");
  check((await page.locator(".board li").count()) === 1, "of two orders one was told");
  await look(page, "desk-notices");
  await go("/desk/exposures");
  check((await page.locator(".board li").count()) === 1, "of an exposure it was told");
  const letter = await context.request.get(origin + (await page.locator("a:has-text('The letter to the persons')").getAttribute("href")));
  check(/Data about you may have been exposed/.test(await letter.text()), "with the letter to the persons");
  await look(page, "desk-exposures");
  await go("/desk/obligations");
  await page.click("text=Enter a duty");
  await page.fill("#law", "AO");
  await page.fill("#article", "147(3)");
  await page.fill("#demands", "vouchers are kept for eight years");
  await page.check('input[name="data"] >> nth=2');
  await page.click("form.fields button:has-text('Enter it')");
  check((await page.locator(".board li").count()) === 2, "a duty by law is entered");
  await look(page, "desk-obligations");
  await page.click("a:has-text('in the log') >> nth=0");
  await page.click("ol.log a >> nth=0");
  check((await page.locator("pre").count()) === 1, "its entry is a leaf with a proof");
  await look(page, "desk-leaf");
  await go("/desk/releases");
  check((await page.locator("tbody tr").count()) === 1, "the figures of the quarter are on record");
  await page.selectOption("#to", { label: "Harbor data warehouse" });
  await page.fill("#reason", "a look at what it costs");
  await page.click('button[value="preview"]');
  check((await page.locator("section[role=status] .state.good").count()) === 1, "a release is looked at before it is made");
  check((await page.locator("section[role=status] dd").count()) === 4, "with how noisy it would be");
  await look(page, "desk-releases");
  const [figures] = await Promise.all([page.waitForEvent("download"), page.click('button[value="make"]')]);
  check(figures.suggestedFilename().startsWith("rel_"), "its file is handed over once");
  const rows = JSON.parse(readFileSync(await figures.path(), "utf8")).rows;
  // Which channels are large enough is decided from noisy counts: another run may show fewer.
  check(Array.isArray(rows) && rows.every((row) => row.counts.all >= 50), "with no channel that is too small");
  await page.fill("#epsilon", "2");
  await page.click('button[value="preview"]');
  check(/would have lost 2\.5/.test(await page.locator("section[role=status]").textContent()), "more than the year's budget is refused with its reason");
  await look(page, "desk-releases-refused");
  await go("/desk/successions");
  await look(page, "desk-successions");
  await go("/desk/openings");
  await look(page, "desk-openings");
  await page.click('button[value="approve"]');
  check(/second person/.test(await page.locator(".board .state").first().textContent()), "somebody is let in");
  await go("/desk/clauses?plane=hosting");
  check((await page.locator(".board li").count()) > 10, "clauses with their state");
  await look(page, "desk-clauses");
  await go("/desk/ask");
  await page.selectOption("#right", "operator_admin");
  await page.click("main form button");
  check((await page.locator("section .state").textContent()) === "refused", "a decision is explained");
  await look(page, "desk-ask");
  await go("/desk/redaction");
  check((await page.locator("table tbody tr").count()) > 4, "an audit is shown by type");
  await look(page, "desk-redaction");
  await go("/ledger?kind=disclosed");
  await page.click("tbody td.num a");
  check((await page.locator("pre").count()) === 1, "a leaf shows its proof");
  await look(page, "leaf");
  await context.close();
}

/// The operator's own desk, from its first code on, with a second person.
export async function operatorDesk({ browser, origin, code, password, look, check }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const go = (path) => page.goto(origin + path, { waitUntil: "load" });
  await go("/set-up");
  await page.fill("#code", code);
  await page.fill("#name", "Ida Desk");
  await page.fill("#mail", "ida@operator.example");
  await page.fill("#password", password);
  await Promise.all([page.waitForURL(`${origin}/desk`), page.click("main form button")]);
  await look(page, "operator-desk");
  await go("/desk/requests");
  check((await page.locator("tbody tr").count()) >= 5, "requests have come in");
  check(!/@/.test(await page.locator("main").textContent()), "without anybody's address");
  await look(page, "operator-requests");
  await go("/desk/orders");
  await look(page, "operator-orders");
  await page.click("tr:has-text('to be approved') a");
  await page.click('button[value="approve"]');
  check((await page.locator(".head .state").textContent()) === "approved by two", "a second person approves");
  await look(page, "operator-order");
  await go("/desk/inquiries");
  check((await page.locator("tbody tr").count()) >= 2, "messages wait and are answered");
  await look(page, "operator-inquiries");
  await page.click("tr:has-text('waits for an answer') a >> nth=0");
  await look(page, "operator-inquiry");
  await page.fill("#answer", "The announcement is on that line again; thank you for writing.");
  await page.click("form.card button");
  check((await page.locator(".head .state").textContent()) === "answered", "a message is answered");
  await go("/desk/exposures");
  check((await page.locator("tbody tr").count()) === 2, "exposures are on record");
  await look(page, "operator-exposures");
  await page.click("tr:has-text('nobody is told yet') a");
  await page.click('button[value="tell"]');
  await page.click('button[value="authority"]');
  check((await page.locator("ol.log li").count()) === 3, "each act on an exposure is a leaf");
  await look(page, "operator-exposure");
  await go("/desk/successions");
  await look(page, "operator-successions");
  await page.click("tbody a");
  await page.click('button[value="approve"]');
  await page.click('button[value="tell"]');
  await page.fill("#secret", "a secret of both sides");
  const [pack] = await Promise.all([page.waitForEvent("download"), page.click('button[value="hand-over"]')]);
  check(pack.suggestedFilename().startsWith("suc_"), "the pack is handed over");
  await page.reload();
  await look(page, "operator-succession");
  await go("/desk/openings");
  await look(page, "operator-openings");
  await go("/interactions");
  check((await page.locator("table").count()) === 0, "and sees nobody's conversations");
  await context.close();
}

async function join(page, origin, code, password) {
  await page.goto(`${origin}/join`);
  await page.fill("#code", code);
  await page.fill("#password", password);
  await page.click("main form button");
  await page.waitForURL(`${origin}/`);
}
