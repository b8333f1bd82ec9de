/** Row texts: names, numbers and queues as the rows of all sections write them. */

/** @import { Translate } from "../data/model-types.js" */
/** @import { Context } from "./section.js" */

/** A caller's name and number, the more telling one first. @type {(t: Translate, who: {name: string|null, number: string|null}) => [string, string]} */
export const nameAndNumber = (t, { name, number }) => (name ? [name, number ?? ""] : [number || t("row_someone"), ""]);

/** @type {(context: Context, ids: readonly string[]) => string} */
export const queueNames = ({ store }, ids) => ids.map((id) => store.queues.get(id)?.name ?? id).join(", ");

/** @type {(words: (string|null|undefined|false)[]) => string} those that there are, in one line */
export const joined = (words) => words.filter(Boolean).join(" · ");
