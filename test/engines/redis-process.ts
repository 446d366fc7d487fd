/**
 * Owns one `redis-server` process of a test: started by a shell that dies with the test process and takes the server, also
 * a stopped one, and its directory along. Never the one that the machine may run itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Node holds the other end of descriptor 3 for as long as it lives; whatever ends it, `read` returns. */
const WATCHED = `
  exec 3<&0
  "$@" 3<&- &
  server=$!
  echo "pid $server"
  (read -r _ <&3; rm -rf "$DIRECTORY"; kill -KILL $server) 2>/dev/null &
  watcher=$!
  wait $server
  kill $watcher
`;

const LINES_REMEMBERED = 20;

export class RedisProcess {
  readonly #shell: ChildProcess;
  readonly #exited: Promise<unknown>;
  #pid = 0;

  private constructor(program: string, options: readonly string[], directory: string) {
    this.#shell = spawn('sh', ['-c', WATCHED, 'sh', program, ...options], {
      cwd: directory,
      env: { PATH: process.env.PATH, DIRECTORY: directory },
      // A group of its own: what the keyboard interrupts is the test, which then ends the server.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#exited = once(this.#shell, 'exit');
  }

  /** Starts it and waits until it answers. Throws with its last lines when it ends instead. */
  static async start(program: string, options: readonly string[], directory: string): Promise<RedisProcess> {
    const started = new RedisProcess(program, options, directory);
    await started.#ready();
    return started;
  }

  /** Sends a signal; of those that end it, waits for the end. */
  async signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null) return;
    process.kill(this.#pid, name);
    if (name === 'SIGTERM' || name === 'SIGKILL') await this.#exited;
  }

  async #ready(): Promise<void> {
    const said: string[] = [];
    const ready = Promise.withResolvers<void>();
    createInterface({ input: this.#shell.stdout! }).on('line', (line) => {
      const pid = /^pid (\d+)$/.exec(line)?.[1];
      if (pid !== undefined) this.#pid = Number(pid);
      if (line.includes('Ready to accept connections')) ready.resolve();
      if (said.push(line) > LINES_REMEMBERED) said.shift();
    });
    const ended = this.#exited.then(() => {
      throw new Error(`redis-server ended:\n${said.join('\n')}`);
    });
    ended.catch(() => {});
    await Promise.race([ready.promise, ended]);
  }
}
