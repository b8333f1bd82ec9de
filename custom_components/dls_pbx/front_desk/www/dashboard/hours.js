/** Statistics in hours: what Home Assistant's own card needs to be told, so that it shows no seconds. */

/** @import { Hass } from "../ui/home-assistant-types.js" */

/** The same object each time: a card looks again only where a state is another one. */
const IN_HOURS = { attributes: { unit_of_measurement: "h" } };

/**
 * Home Assistant as a card shall see it. A card shows a statistic in the unit that somebody has chosen for the entity of
 * that name; those that are read from call records are no entity's, so nobody can choose one.
 * @type {(hass: Hass, statistics: readonly string[]) => Hass}
 */
export function withHours(hass, statistics) {
  // Not copied: there may be thousands of states, and they change all the time.
  const states = Object.create(hass.states);
  for (const id of statistics) states[id] = IN_HOURS;
  return { ...hass, states };
}
