// Jest runs tests in a realm of their own, yet `structuredClone` returns objects of the outer one, which oidc-provider
// then does not take for plain objects. Everything it clones here is JSON.
globalThis.structuredClone = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
