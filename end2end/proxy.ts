// A proxy between browser and server, as in offices and hotels. It passes requests on, and passes, refuses or
// silences WebSockets.
import { createServer, request, type IncomingMessage, type RequestOptions, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { listen } from "./server.ts";

/** What happens to a new WebSocket: it passes, is refused, or opens and then carries nothing. */
export type Manner = "passes" | "refuses" | "falls silent";

export class Proxy {
  manner: Manner = "passes";
  url = "";
  #server: Server;
  #open = new Set<Duplex>();

  constructor(private readonly target: string) {
    this.#server = createServer((asked, answer) => {
      const onward = request(this.#onward(asked), (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      answer.on("close", () => onward.destroy());
      asked.pipe(onward);
    });
    this.#server.on("upgrade", (asked, near: Duplex) => this.#upgrade(asked, near));
  }

  async start(): Promise<void> {
    this.url = `http://127.0.0.1:${await listen(this.#server)}`;
  }

  /** Cuts every WebSocket without a close frame. */
  cut(): void {
    for (const end of this.#open) end.destroy();
  }

  stop(): void {
    this.cut();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #onward(asked: IncomingMessage): RequestOptions {
    const { hostname, port } = new URL(this.target);
    return { hostname, port, method: asked.method, path: asked.url, headers: asked.headers };
  }

  #upgrade(asked: IncomingMessage, near: Duplex): void {
    near.on("error", () => near.destroy());
    if (this.manner === "refuses") {
      near.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    }
    const onward = request(this.#onward(asked));
    onward.on("error", () => near.destroy());
    onward.on("response", () => near.destroy());
    onward.on("upgrade", (got, far: Duplex) => {
      const head = Object.entries(got.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${head.join("")}\r\n`);
      for (const [end, other] of [[near, far], [far, near]] as const) {
        this.#open.add(end);
        end.on("error", () => end.destroy());
        end.on("close", () => {
          this.#open.delete(end);
          other.destroy();
        });
      }
      near.pipe(far);
      far.on("data", (bytes: Buffer) => {
        if (this.manner === "passes") near.write(bytes);
      });
    });
    onward.end();
  }
}
