// Checks a proof (C2SP tlog-proof) with nothing but the browser's own SHA-256 and Ed25519. It asks no server, and shares
// no code with one. Gives what was recorded; throws "form", "signature" or "path".
const bytes = (text) => {
  try { return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)); } catch { throw "form"; }
};
const hex = (part) => Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join("");
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));

// The checkpoint: who signs (`name+id+key`), how many leaves, which root.
async function signedHead(text, signatures, key) {
  const [, name, id, typed] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(key) ?? [];
  const said = signatures.split("\n").map((line) => /^— (\S+) (\S+)$/.exec(line)).filter((line) => line?.[1] === name);
  const mine = said.map((line) => bytes(line[2])).find((one) => hex(one.slice(0, 4)) === id);
  if (!mine) throw "signature";
  const known = await crypto.subtle.importKey("raw", bytes(typed).slice(1), "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", known, mine.slice(4), new TextEncoder().encode(text)))) throw "signature";
  const [origin, size, root] = text.split("\n");
  if (origin !== name || !/^[1-9]\d*$/.test(size)) throw "signature";
  return { origin, size: BigInt(size), root: hex(bytes(root)) };
}

// From the leaf up to the root, after RFC 9162, 2.1.3.2.
async function leadsToRoot(leaf, index, path, head) {
  let [node, at, last] = [await sha256([0], leaf), index, head.size - 1n];
  if (index > last) throw "path";
  for (const sibling of path) {
    if (last === 0n) throw "path";
    const right = at & 1n || at === last;
    node = right ? await sha256([1], sibling, node) : await sha256([1], node, sibling);
    while (right && at && !(at & 1n)) [at, last] = [at >> 1n, last >> 1n];
    [at, last] = [at >> 1n, last >> 1n];
  }
  if (last !== 0n || hex(node) !== head.root) throw "path";
}

export async function checkProof(text, key, givenLeaf = "") {
  const [head, note, signatures, ...more] = text.split("\n\n");
  const lines = head.split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1" || !signatures || more.length) throw "form";
  const extra = bytes(lines[0]?.startsWith("extra ") ? lines.shift().slice(6) : "");
  const index = /^index (0|[1-9]\d*)$/.exec(lines.shift())?.[1];
  if (index === undefined) throw "form";
  const signed = await signedHead(`${note}\n`, signatures, key);
  let [leaf, facts] = [bytes(givenLeaf), {}];
  if (extra.length) {
    try { facts = JSON.parse(new TextDecoder().decode(extra.slice(32))); } catch { throw "form"; }
    if (!signed.origin.endsWith(`/${facts.company}`)) throw "path";
    const act = String(facts.act).replaceAll("-", "").match(/../g).map((byte) => parseInt(byte, 16));
    leaf = join([1], act, await sha256(extra));
  }
  await leadsToRoot(leaf, BigInt(index), lines.map(bytes), signed);
  return { act: hex(leaf.slice(1, 17)), size: signed.size };
}
