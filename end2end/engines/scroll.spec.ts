// What one reads stays where it is, also in engines that scroll in ways of their own.
import { shows } from "./page.ts";
import { befriend, box, expect, hold, type Person, tellMany, test } from "./people.ts";
import { bubble, middle, watch, wheel, wheelUpTo } from "./scroll.ts";

// Long histories are sent in a moment here.
test.use({ kithEnv: { KITH_MESSAGES_PER_MINUTE: "0" } });

/** Ann stands at the newest of many messages from Bob, all of which she has read. */
async function withHistory(ann: Person, bob: Person, count: number): Promise<void> {
  await befriend(ann, bob);
  await tellMany(bob, ann, count);
  await ann.hasRead(bob, count);
  await ann.talkTo(bob);
  await ann.page.views(bubble(count));
}

test("older messages come above the reader, to the oldest, and nothing moves", async ({
  ann,
  bob,
}) => {
  await withHistory(ann, bob, 90);
  const release = await hold(ann.page, "history");
  // The page comes with the newest 50.
  await wheelUpTo(ann.page, 41);
  await ann.page.sees("[role=log] *", /^Loading older messages/);
  const moved = await watch(ann.page, 41);
  await release();
  await ann.page.sees(bubble(40));
  expect(await moved()).toBeLessThan(2);

  await wheelUpTo(ann.page, 1);
  await ann.page.sees("[role=log] *", "This is the beginning of the conversation.");
  const texts = await ann.page.texts("[role=log] .message-text");
  expect(texts).toEqual(texts.map((_, n) => `line ${n + 1}`));
  await bob.talkTo(ann);
  const movedAtOldest = await watch(ann.page, 3);
  await bob.write("news");
  await ann.page.sees("button", "New messages (1)");
  expect(await movedAtOldest()).toBeLessThan(2);
});

test("the oldest messages come above the reader, and nothing moves", async ({ ann, bob }) => {
  await withHistory(ann, bob, 53);
  const release = await hold(ann.page, "history");
  await wheelUpTo(ann.page, 4);
  const moved = await watch(ann.page, 4);
  await release();
  await ann.page.sees(bubble(1));
  await ann.page.sees("[role=log] *", "This is the beginning of the conversation.");
  expect(await moved()).toBeLessThan(2);
  await bob.talkTo(ann);
  await bob.page.views(bubble(53));
});

test("while one reads further up, a new message moves nothing, and one's own is gone to", async ({
  ann,
  bob,
}) => {
  await withHistory(ann, bob, 40);
  await bob.talkTo(ann);
  await wheel(ann.page, -600);
  await ann.page.sees("button", "To the newest message");
  const moved = await watch(ann.page, await middle(ann.page));
  await bob.write("news");
  await ann.page.sees("button", "New messages (1)");
  expect(await moved()).toBeLessThan(2);
  await ann.page.click("button", "New messages (1)");
  await ann.page.views(bubble(41));
  await ann.page.misses("button", "New messages (1)");

  await wheel(ann.page, -600);
  await ann.page.sees("button", "To the newest message");
  await ann.write("mine");
  await ann.page.views(bubble(42));
  await bob.page.views(bubble(42));
});

test("switching brings back the draft and where one was, without a request", async ({
  ann,
  bob,
  register,
}) => {
  const carol = await register("carol", "Carol");
  await befriend(ann, carol);
  await carol.tell(ann, "from Carol");
  await withHistory(ann, bob, 40);
  await wheel(ann.page, -600);
  await ann.page.sees("button", "To the newest message");
  await ann.page.fill(box, "half a word");
  const read = bubble(await middle(ann.page));
  const top = async () => (await ann.page.things(read))[0]!.top;
  const before = await top();
  await ann.open(carol.contact);
  await ann.reads("from Carol");
  await shows(() => ann.page.value(box), "");

  await ann.page.tab.run(() => performance.clearResourceTimings());
  await bob.talkTo(ann);
  await bob.write("meanwhile");
  await ann.hasUnread(bob.contact, 1);
  await ann.open(bob.contact);
  await shows(() => ann.page.value(box), "half a word");
  await ann.page.views(read);
  await shows(async () => Math.abs((await top()) - before) < 2, true);
  await ann.open(carol.contact);
  await ann.reads("from Carol");
  const calls = (await ann.page.calls()).filter((call) => !["receive", "mark_read"].includes(call));
  expect(calls).toEqual([]);
});
