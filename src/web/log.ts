/** Owns the log: codes, incidents and durations, never a person, a token or an address with its query. */
import { type DestinationStream, type Logger, pino } from 'pino';
import { errorOf, isErrorCode } from '../errors.ts';
import { StoreUnavailable } from '../store.ts';

export type Log = (code: string, details?: Readonly<Record<string, unknown>>) => void;

/** What a log line may carry, and nothing else; texts are cut and lose their control characters. */
const FIELDS = [
  'incident',
  'issuer',
  'client',
  'source',
  'method',
  'route',
  'status',
  'ms',
  'trips',
  'error',
  'engine',
  'worker',
] as const;
const LONGEST_TEXT = 200;

/** A write for each line costs more than the line: they are gathered, for so many bytes or milliseconds. */
const GATHERED = { bytes: 4_096, milliseconds: 250 } as const;

/** A log at `level` (`silent` for none) to standard output, or to `destination`. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger: Logger = pino(options, destination ?? standardOutput());
  return (given, details = {}) => {
    // Wherever it comes up: the engine is what has to be mended, not the program.
    const { cause } = details;
    const trouble = given === 'internal_error' && cause instanceof StoreUnavailable ? cause : undefined;
    const code = trouble?.code ?? given;
    const line: Record<string, unknown> = { code, ...(trouble ? { engine: trouble.engine } : {}) };
    for (const field of FIELDS) if (details[field] !== undefined) line[field] = harmless(details[field]);
    // Of an error only where it happened: messages may quote what citizens and sources sent.
    if (cause instanceof Error) line.cause = causesOf(cause);
    const severity = isErrorCode(code) ? errorOf(code).severity : 'info';
    logger[severity](line);
    // Whoever looks for what went wrong finds it, also when the process ends badly a moment later.
    if (severity === 'error') logger.flush();
  };
}

/** What has been gathered is written when the process ends by itself, too. */
function standardOutput(): DestinationStream {
  const gathered = pino.destination({ dest: 1, sync: false, minLength: GATHERED.bytes });
  setInterval(() => gathered.flush(), GATHERED.milliseconds).unref();
  return gathered;
}

function harmless(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value)
    .slice(0, LONGEST_TEXT)
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

/** Names, codes and places of an error and what caused it. */
function causesOf(error: Error): unknown[] {
  const causes: unknown[] = [];
  for (let at: unknown = error; at instanceof Error && causes.length < 5; at = at.cause) {
    const { code } = at as { code?: unknown };
    const place = at.stack
      ?.split('\n')
      .find((line) => /^\s+at /.test(line))
      ?.trim();
    causes.push({
      name: at.name,
      ...(typeof code === 'string' ? { code: harmless(code) } : {}),
      ...(place ? { place } : {}),
    });
  }
  return causes;
}
