// The accounts of a test, and what they do without a page. Any browser can be signed in to them.
import type { APIRequestContext } from "@playwright/test";
import type { Kith } from "./server.ts";

/** Every account's password. */
export const password = "correct horse";

type Form = Record<string, string | number>;

async function call(
  request: APIRequestContext,
  name: string,
  input: { form: Form } | { data: object },
): Promise<unknown> {
  const answer = await request.post(`/api/${name}`, input);
  if (!answer.ok()) {
    throw new Error(`${name} was answered with ${answer.status()}: ${await answer.text()}`);
  }
  return answer.json();
}

/** An account, signed in. */
export class Account {
  /** The contact in addresses and calls. */
  readonly contact: string;

  constructor(
    readonly request: APIRequestContext,
    readonly id: number,
    readonly username: string,
    readonly displayName: string,
  ) {
    this.contact = `user-${id}`;
  }

  /** Calls a server function past the page, as the plain form of its page would. */
  async call(name: string, form: Form): Promise<unknown> {
    return call(this.request, name, { form });
  }

  /** Calls a server function that takes JSON past the page. */
  async ask(name: string, data: object): Promise<unknown> {
    return call(this.request, name, { data: { for_user: this.id, ...data } });
  }

  /** Sends a message past the page. */
  async tell(other: Account, text: string): Promise<void> {
    const { contact } = other;
    const client_id = crypto.randomUUID();
    await this.call("send_message", { for_user: this.id, contact, client_id, text });
  }

  /** Marks another person's messages as read, past the page. */
  async hasRead(other: Account, seq: number): Promise<void> {
    await this.ask("mark_read", { contact: other.contact, seq });
  }
}

/** Sends many messages past the page. */
export async function tellMany(from: Account, to: Account, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await from.tell(to, `line ${n}`);
}

/** Makes two people friends, past the page. */
export async function befriend(one: Account, other: Account): Promise<void> {
  await one.call("request_friend", { for_user: one.id, user: other.id, note: "" });
  await other.call("accept_friend", { for_user: other.id, user: one.id });
}

/** Makes the accounts of one server, of which the first needs the link that the server prints. */
export function registration(kith: Kith) {
  let setup = Object.fromEntries(new URLSearchParams(kith.setupPath().split("?")[1]));
  return async (
    request: APIRequestContext,
    username: string,
    displayName: string,
  ): Promise<Account> => {
    const form = { username, display_name: displayName, password, ...setup };
    await call(request, "register", { form });
    setup = {};
    const page = (await call(request, "load_page", { data: {} })) as {
      me: { person: { id: number } };
    };
    return new Account(request, page.me.person.id, username, displayName);
  };
}
