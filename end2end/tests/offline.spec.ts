// Without a network: pages keep their content, messages wait, and no useless requests are made.
import {
  alive,
  asksOnly,
  befriend,
  callsOf,
  expect as impatient,
  tellMany,
  test,
  wheel,
} from "../people.ts";

test.use({ kithEnv: { KITH_MESSAGES_PER_MINUTE: "0" } });

const expect = impatient.configure({ timeout: 30_000 });

test("switching offline keeps messages, drafts and scroll positions without requests", async ({
  ann,
  bob,
  carol,
  troubles,
}) => {
  troubles.allow(/ERR_INTERNET_DISCONNECTED/);
  await befriend(ann, bob);
  await befriend(ann, carol);
  await tellMany(bob, ann, 40);
  await ann.hasRead(bob, 40);
  await carol.tell(ann, "from Carol");
  await ann.talkTo(bob);
  await expect(ann.bubble("line 40")).toBeInViewport();
  await ann.entry(carol).click();
  await expect(ann.texts).toHaveText(["from Carol"]);
  await ann.box.fill("to Carol");
  await ann.entry(bob).click();
  await expect(ann.texts.last()).toHaveText("line 40");
  await ann.box.fill("to Bob");
  await ann.page.context().setOffline(true);
  await expect(ann.page.getByText("No network.")).toBeVisible();
  await wheel(ann, -600);

  const calls = callsOf(ann.page);
  await expect(ann.bubble("line 20")).toBeInViewport();
  const place = async () => Math.round((await ann.bubble("line 20").boundingBox())?.y ?? NaN);
  const before = await place();
  for (let n = 0; n < 5; n++) {
    await ann.entry(carol).click();
    await expect(ann.texts).toHaveText(["from Carol"]);
    await expect(ann.box).toHaveValue("to Carol");
    await ann.entry(bob).click();
    await expect(ann.box).toHaveValue("to Bob");
    await expect.poll(place).toBe(before);
  }
  expect(calls).toEqual([]);
});

test("the status bar counts waiting messages, which are sent hours later", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await befriend(ann, bob);
  await ann.page.clock.install();
  await ann.talkTo(bob);
  await ann.page.context().setOffline(true);
  await ann.write("one");
  await ann.write("two");
  await expect(ann.page.getByText("No network. Messages waiting to be sent: 2.")).toBeVisible();
  await ann.page.clock.fastForward("10:00:00");
  await expect(ann.bubble("two")).toHaveAttribute("data-state", "sending");
  await expect(ann.bubble("two").locator("time")).toHaveAttribute("datetime", /./);

  // The page is closed overnight; the next one finds both messages.
  await ann.page.route("**/api/send_message", (route) => route.abort("failed"));
  await ann.page.context().setOffline(false);
  await ann.page.reload();
  await alive(ann.page);
  await expect(ann.texts).toHaveText(["one", "two"]);
  await ann.page.clock.fastForward("05:00:00");
  await expect(ann.bubble("one")).toHaveAttribute("data-state", "sending");
  await ann.page.unroute("**/api/send_message");
  await ann.page.clock.fastForward("01:00");
  await expect(ann.bubble("two")).toHaveAttribute("data-state", "sent");
  await bob.talkTo(ann);
  await expect(bob.texts).toHaveText(["one", "two"]);
});

test("a newer server build asks for a reload, which keeps the draft", async ({ ann, bob }) => {
  await asksOnly(ann.page);
  await befriend(ann, bob);
  await ann.page.route("**/api/receive", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), build: "another" } });
  });
  await ann.talkTo(bob);
  await ann.box.fill("keep me");
  await bob.tell(ann, "news");
  await expect(ann.page.getByText("Kith was updated.")).toBeVisible();
  await ann.page.unrouteAll({ behavior: "ignoreErrors" });
  await ann.page.getByRole("button", { name: "Reload" }).click();
  await expect(ann.page.getByText("Kith was updated.")).toBeHidden();
  await expect(ann.box).toHaveValue("keep me");
});

test("unreadable answers slow the page's retries down", async ({ ann, bob }) => {
  await asksOnly(ann.page);
  await befriend(ann, bob);
  let asked = 0;
  await ann.page.route("**/api/receive", (route) => {
    asked++;
    return route.fulfill({ json: { cursor: "?", events: "many" } });
  });
  await ann.talkTo(bob);
  await expect(ann.page.getByText("Kith was updated.")).toBeVisible();
  expect(asked).toBeLessThan(8);
  await expect(ann.page.getByText("Reconnecting")).toBeVisible();
});

test("unknown events of a newer server are skipped without losing others", async ({ ann, bob }) => {
  await asksOnly(ann.page);
  await befriend(ann, bob);
  const confetti = { kind: "confetti", colour: { name: "blue" } };
  await ann.page.route("**/api/receive", async (route) => {
    const answer = await route.fetch();
    const batch = await answer.json();
    const id = Number(batch.cursor.split(".")[1]);
    const events = [{ id, ...confetti }, ...(batch.events ?? []), { id, ...confetti }];
    const json = { ...batch, build: "another", weather: "fine", events };
    await route.fulfill({ response: answer, json });
  });
  await ann.talkTo(bob);
  await ann.box.fill("half a word");
  for (const text of ["one", "two", "three"]) await bob.tell(ann, text);
  await expect(ann.texts).toHaveText(["one", "two", "three"]);

  // A notice appears, and the page stays usable.
  const notice = ann.page.getByRole("status").filter({ hasText: "Kith was updated." });
  await expect(notice).toBeVisible();
  await expect(ann.box).toBeFocused();
  await expect(ann.box).toHaveValue("half a word");
  await ann.write("four");
  await expect(ann.bubble("four")).toHaveAttribute("data-state", "sent");
  await bob.tell(ann, "five");
  await expect(ann.texts).toHaveText(["one", "two", "three", "four", "five"]);
  await expect(ann.page.getByText("Reconnecting")).toBeHidden();
  await ann.page.unrouteAll({ behavior: "ignoreErrors" });
});

test("messages written while the server was down are sent once and in order", async ({
  ann,
  bob,
  kith,
  troubles,
}) => {
  troubles.allow(/net::ERR_/);
  await befriend(ann, bob);
  await ann.page.clock.install();
  await ann.talkTo(bob);
  await kith.kill();
  await ann.write("one");
  await ann.write("two");
  await expect(ann.page.getByText("Messages waiting to be sent: 2.")).toBeVisible();
  for (let hours = 0; hours < 8; hours += 2) await ann.page.clock.fastForward("02:00:00");
  await expect(ann.bubble("two")).toHaveAttribute("data-state", "sending");

  // The first one is stored, and the page is closed before the answer arrives.
  let stored = () => {};
  const isStored = new Promise<void>((done) => (stored = done));
  await ann.page.route("**/api/send_message", async (route) => {
    await route.fetch();
    stored();
  });
  await kith.start();
  await ann.page.clock.fastForward("01:00");
  await isStored;
  await ann.page.unrouteAll({ behavior: "ignoreErrors" });
  await ann.page.reload();
  await alive(ann.page);
  await ann.page.clock.fastForward("01:00");
  await expect(ann.bubble("two")).toHaveAttribute("data-state", "sent");
  await expect(ann.texts).toHaveText(["one", "two"]);
  await bob.talkTo(ann);
  await expect(bob.texts).toHaveText(["one", "two"]);
});

test("a rejected message can be sent again or discarded after hours and a reload", async ({
  ann,
  bob,
  troubles,
}) => {
  troubles.allow(/status of 403.*(send_message|typing)/);
  await befriend(ann, bob);
  const block = (blocked: boolean) =>
    bob.call("set_blocked", { for_user: bob.id, user: ann.id, blocked: String(blocked) });
  await ann.page.clock.install();
  await ann.talkTo(bob);
  await block(true);
  await ann.write("give up");
  await ann.write("try again");
  await expect(ann.bubble("try again")).toHaveAttribute("data-state", "failed");
  await ann.page.clock.fastForward("10:00:00");
  await ann.page.reload();
  await alive(ann.page);
  await block(false);
  for (const text of ["give up", "try again"]) {
    await expect(ann.bubble(text)).toHaveAttribute("data-state", "failed");
    await expect(ann.bubble(text)).toContainText("You cannot write to this contact.");
  }
  await ann.bubble("give up").getByRole("button", { name: "Discard" }).click();
  await ann.bubble("try again").getByRole("button", { name: "Try again" }).click();
  await expect(ann.bubble("try again")).toHaveAttribute("data-state", "sent");
  await ann.page.reload();
  await expect(ann.texts).toHaveText(["try again"]);
  await bob.talkTo(ann);
  await expect(bob.texts).toHaveText(["try again"]);
});
