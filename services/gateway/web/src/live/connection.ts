import { api, got } from "@/api/client";
import { Problem } from "@/api/problem";
import type { Message } from "./view";

const ENDED = 1000;
const UNKNOWN = 4404;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
// The server says something every 20 s. After twice that the line is dead.
const SILENCE_MS = 45_000;
// Whoever comes back to the page need not wait for that: the machine may have slept, and clocks
// that count for timers stand still meanwhile.
const DOUBTFUL_MS = 22_000;

export interface Listener {
  onMessage: (message: Message) => void;
  onConnected: (connected: boolean) => void;
}

/** Follows one batch until it ends: reconnects by itself, and asks for what it missed. */
export class Connection {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private heardAt = 0;
  private over = false;
  private opening = false;

  constructor(
    private readonly batchId: string,
    private readonly lastSeq: () => number,
    private readonly listener: Listener,
  ) {
    addEventListener("online", this.now);
    addEventListener("offline", this.drop);
    document.addEventListener("visibilitychange", this.now);
    document.addEventListener("resume", this.now);
    void this.open();
  }

  close(): void {
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    removeEventListener("online", this.now);
    removeEventListener("offline", this.drop);
    document.removeEventListener("visibilitychange", this.now);
    document.removeEventListener("resume", this.now);
    this.socket?.close();
    this.socket = null;
  }

  private readonly now = (): void => {
    if (this.over || this.opening || document.visibilityState === "hidden") return;
    if (this.socket && Date.now() - this.heardAt < DOUBTFUL_MS) return;
    this.drop();
    clearTimeout(this.timer);
    void this.open();
  };

  private readonly drop = (): void => {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    clearTimeout(this.watchdog);
    this.listener.onConnected(false);
  };

  private async open(): Promise<void> {
    if (this.over || !navigator.onLine) return;
    this.opening = true;
    try {
      const { ticket } = await got(api.POST("/v1/tickets"));
      if (!this.over) this.attach(new WebSocket(this.address(ticket)));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.over = true;
      else this.later();
    } finally {
      this.opening = false;
    }
  }

  private address(ticket: string): string {
    const query = new URLSearchParams({ token: ticket, after_seq: String(this.lastSeq()) });
    const base = location.origin.replace(/^http/, "ws");
    return `${base}/v1/batches/${this.batchId}/events?${query}`;
  }

  private attach(socket: WebSocket): void {
    this.socket = socket;
    this.watch();
    socket.onopen = () => {
      this.tries = 0;
      this.listener.onConnected(true);
    };
    socket.onmessage = (event) => {
      this.watch();
      this.listener.onMessage(JSON.parse(String(event.data)) as Message);
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.socket = null;
      clearTimeout(this.watchdog);
      this.listener.onConnected(false);
      if (event.code === ENDED || event.code === UNKNOWN) this.over = true;
      else this.later();
    };
  }

  private watch(): void {
    this.heardAt = Date.now();
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.drop();
      void this.open();
    }, SILENCE_MS);
  }

  private later(): void {
    if (this.over) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.tries, LONGEST_PAUSE_MS);
    this.tries += 1;
    // Not all watchers at once, after a restart of the server.
    this.timer = setTimeout(() => void this.open(), pause * (0.5 + Math.random() / 2));
  }
}
