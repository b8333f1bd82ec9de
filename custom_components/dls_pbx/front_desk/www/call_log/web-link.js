/** Links that the PBX gives. */

/** A link that is safe to open; null for anything else. @type {(link: string|null) => string|null} */
export function webLink(link) {
  try {
    const { protocol, href } = new URL(link ?? "");
    return ["http:", "https:"].includes(protocol) ? href : null;
  } catch {
    return null;
  }
}
