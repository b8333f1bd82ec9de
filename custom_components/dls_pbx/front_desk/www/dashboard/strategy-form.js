/** Form of the strategy's options: which PBX, which queues, which views. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { StrategyConfig } from "./strategy-config.js" */

import { field, pbxField, queuesField, select } from "../ui/form-fields.js";
import { chosenLayouts } from "./strategy-config.js";
import { VIEWS } from "./strategy.js";

/** Fields of the form; of several PBXs the queues of the chosen one. @type {(layouts: readonly Layout[], config: StrategyConfig, t: Translate) => object[]} */
export function strategySchema(layouts, config, t) {
  const views = Object.entries(VIEWS).map(([value, { title }]) => ({ value, label: t(title) }));
  return [
    ...pbxField(layouts),
    queuesField(chosenLayouts(layouts, config)),
    field("views", select(views, { multiple: true })),
  ];
}

/** The configuration without what is empty: that is as if nobody had chosen. @type {(config: Record<string, unknown>) => Record<string, unknown>} */
export const withoutBlanks = (config) =>
  Object.fromEntries(
    Object.entries(config).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  );
