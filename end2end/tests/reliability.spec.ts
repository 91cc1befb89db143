// Failures of the network, the server and the page: each message arrives once and in order, on
// every page.
import {
  alive,
  asksOnly,
  befriend,
  expect as impatient,
  password,
  signIn,
  test,
  visit,
} from "../people.ts";

// Waits between attempts are random and grow to half a minute.
const expect = impatient.configure({ timeout: 30_000 });

test("a message pending during a reload arrives once", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await bob.talkTo(ann);
  await ann.talkTo(bob);
  await ann.page.route("**/api/send_message", () => {}, { times: 1 });
  const asked = ann.page.waitForRequest("**/api/send_message");
  await ann.write("first");
  await ann.write("second");
  await asked;
  await ann.page.reload();
  await expect(ann.bubble("second")).toHaveAttribute("data-state", "sent");
  await expect(ann.texts).toHaveText(["first", "second"]);
  await expect(bob.texts).toHaveText(["first", "second"]);
});

test("a message whose answer was lost is stored once", async ({ ann, bob, troubles }) => {
  troubles.allow(/ERR_CONNECTION_RESET/);
  await befriend(ann, bob);
  await bob.talkTo(ann);
  // The receive loop must not report it meanwhile.
  await asksOnly(ann.page);
  await ann.page.route("**/api/receive", (route) => route.abort("connectionreset"));
  await ann.talkTo(bob);
  await ann.page.route(
    "**/api/send_message",
    async (route) => {
      await route.fetch();
      await route.abort("connectionreset");
    },
    { times: 1 },
  );
  await ann.write("once");
  await expect(bob.texts).toHaveText(["once"]);
  await expect(ann.bubble("once")).toHaveAttribute("data-state", "sent");
  await ann.page.unroute("**/api/receive");
  await ann.write("and again");
  await expect(bob.texts).toHaveText(["once", "and again"]);
  await expect(ann.texts).toHaveText(["once", "and again"]);
});

test("both pages recover after the server was killed and restarted", async ({
  ann,
  bob,
  kith,
  troubles,
}) => {
  troubles.allow(/net::ERR_.*\/api\//);
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  await ann.write("before");
  await expect(bob.texts).toHaveText(["before"]);

  await kith.kill();
  await ann.write("during 1");
  await ann.write("during 2");
  await expect(ann.bubble("during 2")).toHaveAttribute("data-state", "sending");
  await expect(ann.page.getByText("Reconnecting")).toBeVisible();
  await expect(bob.page.getByText("Reconnecting")).toBeVisible();
  await kith.start();
  await expect(ann.bubble("during 2")).toHaveAttribute("data-state", "sent");
  await expect(bob.texts).toHaveText(["before", "during 1", "during 2"]);
  await expect(ann.page.getByText("Reconnecting")).toBeHidden();
  await bob.write("after");
  await expect(ann.texts).toHaveText(["before", "during 1", "during 2", "after"]);
  await expect(bob.texts).toHaveText(["before", "during 1", "during 2", "after"]);
});

test("a lost receive answer loses no message", async ({ ann, bob, troubles }) => {
  troubles.allow(/ERR_CONNECTION_RESET.*receive/);
  await befriend(ann, bob);
  await asksOnly(bob.page);
  let lost = 0;
  await bob.talkTo(ann);
  await bob.page.route("**/api/receive", async (route) => {
    const response = await route.fetch();
    // Presence comes in the same answers: only the answer with the message is lost, and only once.
    if (lost === 0 && (await response.text()).includes("swallowed")) {
      lost++;
      await route.abort("connectionreset");
    } else {
      await route.fulfill({ response });
    }
  });
  // The held receive is not affected by the new route.
  await ann.tell(bob, "first");
  await expect(bob.texts).toHaveText(["first"]);
  await ann.tell(bob, "swallowed");
  await expect(bob.texts).toHaveText(["first", "swallowed"]);
  expect(lost).toBe(1);
  await ann.tell(bob, "and on");
  await expect(bob.texts).toHaveText(["first", "swallowed", "and on"]);
  await bob.page.unrouteAll({ behavior: "ignoreErrors" });
});

test("the page continues when the network is back", async ({ ann, bob, troubles }) => {
  troubles.allow(/ERR_INTERNET_DISCONNECTED/);
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await ann.page.context().setOffline(true);
  await expect(ann.page.getByText("No network.")).toBeVisible();
  await ann.write("from the tunnel");
  await bob.tell(ann, "into the tunnel");
  await ann.page.context().setOffline(false);
  await expect(ann.bubble("from the tunnel")).toHaveAttribute("data-state", "sent");
  await expect(ann.texts).toHaveText(["into the tunnel", "from the tunnel"]);
  await expect(ann.page.getByText("No network.")).toBeHidden();
});

test("two tabs of one person each show every message once", async ({ ann, bob }) => {
  await befriend(ann, bob);
  const other = await ann.tab();
  await ann.talkTo(bob);
  await other.talkTo(bob);
  await bob.tell(ann, "to both");
  await expect(ann.texts).toHaveText(["to both"]);
  await ann.write("from one");
  await other.write("from the other");
  await expect(ann.bubble("from the other")).toHaveAttribute("data-state", "sent");
  await expect(other.bubble("from one")).toHaveAttribute("data-state", "sent");
  await expect(ann.texts).toHaveCount(3);
  await expect(other.texts).toHaveText(await ann.texts.allTextContents());
});

test("signing out in one tab leads the others to sign in", async ({ ann, troubles }) => {
  troubles.allow(/status of 401/);
  const other = await ann.tab();
  await ann.visit("/settings");
  await other.visit("/chats");
  await other.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await other.page.waitForURL("**/sign-in");
  await ann.page.waitForURL("**/sign-in?back=*");
  await signIn(ann.page, "ann");
  await ann.page.waitForURL("**/settings");
});

test("a device that is signed out remotely notices at once", async ({ ann, browse, troubles }) => {
  troubles.allow(/status of 401/);
  await ann.visit("/chats");
  const phone = await (await browse({ userAgent: "A phone" })).newPage();
  await visit(phone, "/sign-in");
  await signIn(phone, "ann");
  await phone.waitForURL("**/chats");
  await alive(phone);

  await ann.page.getByRole("link", { name: "Settings" }).click();
  const device = ann.page.getByRole("listitem").filter({ hasText: "A phone" });
  await device.getByRole("button", { name: "Sign out this device" }).click();
  await expect(device).toBeHidden();
  await phone.waitForURL("**/sign-in?back=*");
  await expect(ann.page.getByText("This device")).toBeVisible();
});

test("a page makes no calls for another person who signed in meanwhile", async ({
  ann,
  bob,
  carol,
  troubles,
}) => {
  troubles.allow(/status of 409/);
  await befriend(ann, carol);
  await befriend(bob, carol);
  await ann.talkTo(carol);
  await carol.talkTo(bob);
  // From here on her page receives and requests nothing, so that it does not notice by itself.
  await expect(ann.page.locator(".chat-presence")).toHaveText("Online");
  // Another tab of the same browser.
  await ann.call("sign_in", { username: "bob", password });
  await ann.write("only from Ann");
  await expect(ann.page.getByRole("banner")).toContainText("Bob");
  await alive(ann.page);
  await ann.write("only from Bob");
  await expect(carol.texts).toHaveText(["only from Bob"]);
  await expect(ann.texts).toHaveText(["only from Bob"]);
});

test("messages waiting at the end of a sign-in are sent only by their author", async ({
  ann,
  bob,
  carol,
  troubles,
}) => {
  troubles.allow(/status of (401|409)/, /ERR_CONNECTION_RESET/);
  await befriend(ann, carol);
  await befriend(bob, carol);
  await ann.talkTo(carol);
  await carol.talkTo(ann);
  await ann.page.route("**/api/send_message", (route) => route.abort("connectionreset"));
  await ann.write("only from Ann");
  await ann.box.fill("a draft");
  await expect(ann.bubble("only from Ann")).toHaveAttribute("data-state", "sending");
  // Bob signs in with her browser.
  await ann.call("sign_in", { username: "bob", password });
  // Her page may notice by itself and reload at this moment, which interrupts the navigation.
  await expect(() => ann.talkTo(carol)).toPass();
  await ann.page.unrouteAll({ behavior: "ignoreErrors" });
  await expect(ann.page.getByRole("banner")).toContainText("Bob");
  await expect(ann.page.getByText("No messages yet.")).toBeVisible();
  await expect(ann.box).toHaveValue("");
  await ann.write("only from Bob");
  await expect(ann.bubble("only from Bob")).toHaveAttribute("data-state", "sent");

  await ann.call("sign_in", { username: "ann", password });
  await expect(() => ann.talkTo(carol)).toPass();
  await expect(ann.bubble("only from Ann")).toHaveAttribute("data-state", "sent");
  await expect(ann.box).toHaveValue("a draft");
  await expect(carol.texts).toHaveText(["only from Ann"]);
});

test("a waiting message survives the end of the sign-in", async ({ ann, bob, troubles }) => {
  troubles.allow(/status of 401/, /ERR_CONNECTION_RESET/);
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await ann.page.route("**/api/send_message", (route) => route.abort("connectionreset"));
  await ann.write("before the end");
  await expect(ann.bubble("before the end")).toHaveAttribute("data-state", "sending");
  await ann.page.context().request.post("/api/sign_out");
  await ann.page.waitForURL("**/sign-in?back=*");
  await alive(ann.page);
  await ann.page.unrouteAll({ behavior: "ignoreErrors" });
  await signIn(ann.page, "ann");
  await ann.page.waitForURL(`**/chats/${bob.contact}`);
  await expect(ann.bubble("before the end")).toHaveAttribute("data-state", "sent");
  await bob.talkTo(ann);
  await expect(bob.texts).toHaveText(["before the end"]);
});
