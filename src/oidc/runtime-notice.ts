/**
 * Owns one line the terminal does without: oidc-provider warns of every Node that does not call itself LTS, also of
 * newer ones, which it supports. To be imported before anything that imports the library.
 */
const { warn } = console;
console.warn = (...words: unknown[]) => {
  if (!String(words[0]).includes('Unsupported runtime')) warn(...words);
};
setImmediate(() => {
  console.warn = warn;
});
