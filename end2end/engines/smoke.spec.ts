// A smoke of every feature, in the engines that the other tests do not run in.
import { createServer } from "node:http";
import { listen } from "../server.ts";
import { shows } from "./page.ts";
import { befriend, box, entry, expect, hold, type Person, signIn, test } from "./people.ts";

test("a visitor signs in, comes to the chat they wanted, and signs out", async ({
  ann,
  register,
  newcomer,
}) => {
  const bob = await register("bob", "Bob");
  await befriend(ann, bob);
  const page = await newcomer();
  await page.visit(`/chats/${ann.contact}`);
  expect(await page.path()).toMatch(/^\/sign-in\?back=/);
  await signIn(page, "bob");
  await shows(() => page.path(), `/chats/${ann.contact}`);
  await page.alive();
  await page.sees("nav a[aria-current=page]", "Chats");

  await ann.talkTo(bob);
  await ann.write("you are in");
  await page.sees(".message-text", "you are in");
  await page.click("button", "Sign out");
  await shows(() => page.path(), "/sign-in");
  // Firefox reports the fetch of a file as an error if the page is left meanwhile.
  await page.alive();
  await page.visit(`/chats/${ann.contact}`);
  expect(await page.path()).toMatch(/^\/sign-in\?back=/);
  await page.misses(".message-text");
});

test("a form of another site changes nothing", async ({ ann, bob }) => {
  const form = `<form method="post" action="${ann.page.site}/api/sign_out"><button>Win</button>`;
  const other = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html").end(form);
  });
  // For cookies `localhost` is another site than `127.0.0.1`.
  const port = await listen(other);
  await befriend(ann, bob);
  await ann.page.tab.goto(`http://localhost:${port}/`);
  await ann.page.click("button", "Win");
  await shows(() => ann.page.path(), "/api/sign_out");
  other.close();
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  await ann.write("still here");
  await bob.reads("still here");
});

test("two people become friends and talk both ways", async ({ ann, bob }) => {
  await ann.page.visit("/friends");
  await bob.page.visit("/friends");
  await ann.page.fill("input[type=search]", "bo", "Find people");
  await ann.open(bob.contact);
  await ann.page.fill("input", "From school", "Note");
  await ann.page.click("button", "Send request");
  await ann.page.sees("p", /^You have asked/);
  await bob.page.sees("span", "From school");
  await bob.page.click("button", "Accept: Ann");

  await ann.write("Hello, Bob");
  await bob.open(ann.contact);
  await bob.reads("Hello, Bob");
  await bob.page.fill(box, "你好，Ann ");
  await bob.page.click("button", "Emoji");
  await bob.page.click("#emoji-grid button", "😀");
  await shows(() => bob.page.value(box), "你好，Ann 😀");
  await bob.page.click("button", "Send");
  await ann.reads("Hello, Bob", "你好，Ann 😀");
  await ann.page.sees("[role=log] article time");
});

test("a group is made and joined, and a message comes to each member once", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await bob.page.visit("/groups");
  await ann.page.visit("/groups");
  await ann.page.click("button", "New group");
  await ann.page.fill("input", "Walkers", "Name of the group");
  await ann.page.click(".person-choice", /Bob$/);
  await ann.page.click("button", "Create group");
  await ann.page.sees("h1", "Chatting with Walkers");
  await bob.page.click("button", "Accept: Walkers");
  await bob.page.click(".contact-entry", /Walkers/);
  await bob.page.sees("[role=log] *", "You joined, invited by Ann");

  await ann.write("Sunday?");
  await bob.reads("Sunday?");
  await bob.page.sees("[role=log] article", /^Ann$/);
  await bob.write("Gladly");
  for (const person of [ann, bob]) await person.reads("Sunday?", "Gladly");
});

test("one contact is highlighted over all tabs, and the title names it", async ({
  ann,
  register,
  bob,
}) => {
  const carol = await register("carol", "Carol");
  for (const other of [bob, carol]) await befriend(ann, other);
  await bob.talkTo(ann);
  await bob.write("hello");
  await ann.page.visit("/friends");
  await ann.page.sees(".contact-tab[aria-current=page]", "Friends");
  const highlighted = ".contact-entry[aria-current=true]";
  await ann.page.misses(highlighted);
  await ann.open(carol.contact);
  await ann.page.sees("h1", "Chatting with Carol");
  await ann.open(bob.contact);
  await ann.page.sees("h1", "Chatting with Bob");
  await ann.page.click(".contact-tab", /^Chats/);
  await ann.page.sees(".contact-tab[aria-current=page]", "Chats");
  await shows(() => ann.page.count(highlighted), 1);
  await ann.page.sees(`${highlighted}[data-contact="${bob.contact}"]`);
});

test("Enter sends, Shift+Enter makes a line, and white space is never sent", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  await ann.write("   ");
  await ann.page.press("Shift+Enter");
  await ann.page.press("Enter");
  await ann.page.fill(box, "one");
  await ann.page.press("Shift+Enter");
  await ann.page.tab.type("two");
  expect(await ann.page.value(box)).toBe("one\ntwo");
  // An input method takes this Enter. The events are made: no driver has an input method.
  await ann.page.tab.run((box) => {
    const enter = { key: "Enter", bubbles: true, cancelable: true, isComposing: true };
    document.querySelector(box)?.dispatchEvent(new KeyboardEvent("keydown", enter));
  }, box);
  expect(await ann.page.value(box)).toBe("one\ntwo");
  await ann.page.press("Enter");
  await shows(() => ann.page.value(box), "");
  await bob.reads("one\ntwo");
  await ann.reads("one\ntwo");
});

test("one's own message appears at once, and stands apart from others'", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  const release = await hold(ann.page, "send_message");
  await ann.write("quick");
  await ann.hasBubble("quick", "sending");
  expect(await ann.page.value(box)).toBe("");
  await bob.reads();
  await release();
  await ann.hasBubble("quick", "sent");
  await bob.reads("quick");
  await bob.write("at last");
  await ann.reads("quick", "at last");
  const bubbles = await ann.page.things("[role=log] article");
  expect(bubbles.map(({ name }) => name)).toEqual(["You", "Bob"]);
  // Own ones begin further right, and have another colour.
  const looks = await ann.page.tab.run(() =>
    [...document.querySelectorAll("[role=log] .message-text")].map((bubble) => {
      const { right } = bubble.getBoundingClientRect();
      return { right, colour: getComputedStyle(bubble.closest("article")!).backgroundColor };
    }),
  );
  expect(looks[0]!.right).toBeGreaterThan(looks[1]!.right);
  expect(looks[0]!.colour).not.toBe(looks[1]!.colour);
});

test("what waits has a badge until it is read, also over a reload", async ({
  ann,
  bob,
  register,
}) => {
  const carol = await register("carol", "Carol");
  for (const other of [bob, carol]) await befriend(ann, other);
  await carol.tell(ann, "from Carol");
  await ann.talkTo(carol);
  await ann.reads("from Carol");
  await bob.talkTo(ann);
  await bob.write("first");
  await bob.write("second");
  await ann.hasUnread(bob.contact, 2);
  await ann.page.sees(".contact-tab .unread-badge", "2 unread");
  // The newest conversation comes first.
  const names = () => ann.page.texts(".contact-entry .contact-name");
  await shows(names, [expect.stringMatching(/^Bob/), expect.stringMatching(/^Carol/)]);

  await ann.page.visit(`/chats/${carol.contact}`);
  await ann.hasUnread(bob.contact, 2);
  await ann.open(bob.contact);
  await ann.reads("first", "second");
  await ann.page.misses(".unread-badge");
  await ann.page.answered("mark_read");
  await ann.page.visit(`/chats/${carol.contact}`);
  await ann.page.sees(entry(bob.contact));
  await ann.page.misses(".unread-badge");
});

test("who was away gets everything later, in order", async ({ ann, bob }) => {
  await befriend(ann, bob);
  await ann.talkTo(bob);
  const texts = ["one", "two", "three", "four"];
  for (const text of texts) await ann.write(text);
  await ann.hasBubble("four", "sent");
  await bob.page.visit("/chats");
  await bob.hasUnread(ann.contact, 4);
  await bob.open(ann.contact);
  await bob.reads(...texts);
  await bob.page.visit(`/chats/${ann.contact}`);
  await bob.reads(...texts);
});

test("what is written while the server is away is sent when it is back", async ({
  ann,
  bob,
  kith,
  troubles,
}) => {
  troubles.allow(/Load failed|NetworkError/);
  await befriend(ann, bob);
  await ann.talkTo(bob);
  await bob.talkTo(ann);
  await ann.write("before");
  await bob.reads("before");
  await kith.kill();
  await ann.write("meanwhile");
  await ann.hasBubble("meanwhile", "sending");
  await kith.start();
  await bob.reads("before", "meanwhile");
  await bob.write("after");
  await ann.reads("before", "meanwhile", "after");
});

for (const websocket of [true, false]) {
  test.describe(websocket ? "by WebSocket" : "by long polling", () => {
    // A page tries a WebSocket once a receive that was held has been answered.
    test.use({ websocket, kithEnv: { KITH_HOLD_SECONDS: "2" } });

    test("messages come at once, and in order", async ({ ann, bob }) => {
      await befriend(ann, bob);
      const begin = async (person: Person, other: Person) => {
        await person.page.visit("/settings");
        const inUse = websocket ? /^WebSocket/ : /^Long polling/;
        await person.page.sees("[aria-labelledby=connection] p", inUse);
        await person.page.click(".nav-link", /^Chats/);
        await person.page.click(".contact-tab", /^Friends/);
        await person.open(other.contact);
      };
      await Promise.all([begin(ann, bob), begin(bob, ann)]);
      for (const n of [1, 2, 3]) {
        await ann.write(`ping ${n}`);
        await bob.page.sees(".message-text", `ping ${n}`);
        await bob.write(`pong ${n}`);
        await ann.page.sees(".message-text", `pong ${n}`);
      }
      const said = [1, 2, 3].flatMap((n) => [`ping ${n}`, `pong ${n}`]);
      for (const person of [ann, bob]) await person.reads(...said);
    });
  });
}

test("every tab gets everything, and what is read in one is read in the other", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await ann.page.visit("/chats");
  const other = await ann.tab();
  await other.page.visit("/friends");
  await bob.talkTo(ann);
  await bob.write("to both");
  for (const tab of [ann, other]) await tab.hasUnread(bob.contact, 1);
  await other.open(bob.contact);
  await other.reads("to both");
  await ann.hasUnread(bob.contact, 0);
  await other.write("from one");
  await bob.reads("to both", "from one");
  await ann.page.sees(".contact-line", /from one/);
});

test("a deleted chat comes back with a new message, without what was said before", async ({
  ann,
  bob,
}) => {
  await befriend(ann, bob);
  await bob.talkTo(ann);
  await bob.write("old");
  await ann.talkTo(bob);
  await ann.reads("old");
  await ann.page.click("button", "What to do with this chat");
  await ann.page.click("[role=menuitem]", "Delete for me");
  await ann.page.click("[role=menuitem]", "Delete for me");
  await ann.page.misses(entry(bob.contact));
  await bob.write("new");
  await ann.open(bob.contact);
  await ann.reads("new");
  await bob.reads("old", "new");
});

test("markup in messages and names stays text", async ({ ann, join }) => {
  const mallory = await join("mallory", "<img src=x onerror=1>");
  await befriend(ann, mallory);
  const text = `<b>bold</b> <script>document.title = "gone"</script> &amp; "><i>`;
  await mallory.talkTo(ann);
  await mallory.write(text);
  await ann.talkTo(mallory);
  await ann.reads(text);
  await mallory.write(`${text} again`);
  await ann.reads(text, `${text} again`);
  await ann.page.sees("h1", `Chatting with ${mallory.displayName}`);
  for (const { page } of [ann, mallory]) await page.misses("b, i, img[src=x]");
});

test("an administrator makes an account, changes and deletes it", async ({ ann, newcomer }) => {
  const { page } = ann;
  await page.tab.goto(`${page.site}/admin/people`);
  await page.click("a", "New account");
  await page.fill("input", "eve", "Username");
  await page.fill("input", "伊芙", "Display name");
  const password = (await page.value("input", "One-time password")) ?? "";
  await page.click("button", "Create account");
  await page.sees("[role=status]", "Created.");
  const theirs = await newcomer();
  await theirs.visit("/chats");
  await signIn(theirs, "eve", password);
  await theirs.sees("h1", "Choose a password");
  await page.fill("input", "Eve", "Display name");
  await page.click("button", "Save");
  await page.sees("h1", "Eve");
  await page.click("summary", "Delete account");
  await page.click("button", "Delete for good");
  await page.sees("[role=status]", "The account is deleted.");
  await theirs.visit("/chats");
  await signIn(theirs, "eve", password);
  await theirs.sees("[role=alert]", "The username or the password is wrong.");
});

test("without JavaScript one signs in, writes to another, and signs out", async ({
  bob,
  register,
  newcomer,
}) => {
  const ann = await register("ann", "Ann");
  await befriend(ann, bob);
  const page = await newcomer(false);
  await page.tab.goto(`${page.site}/chats/${bob.contact}`);
  await signIn(page, "ann");
  await page.fill("textarea", "yes, <b>without</b> a script", "Message");
  await page.click("button", "Send");
  await page.sees(".message-text", "yes, <b>without</b> a script");
  await bob.talkTo(ann);
  await bob.reads("yes, <b>without</b> a script");
  await page.click("button", "Sign out");
  await shows(() => page.path(), "/sign-in");
});
