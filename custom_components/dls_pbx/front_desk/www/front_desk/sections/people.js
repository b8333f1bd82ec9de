/** Section of the people, each with one state, with filters and a search. */

/** @import { Person } from "../../data/people.js" */
/** @import { Row } from "../../ui/keyed-list.js" */
/** @import { Context, Part } from "../section.js" */

import { FILTERS, arePeopleUnknown, counts, people } from "../../data/people.js";
import { element, setAttribute, setText } from "../../ui/dom.js";
import { setIcon } from "../../ui/icons.js";
import { KeyedList } from "../../ui/keyed-list.js";
import { clock } from "../../ui/time.js";
import { deviceLink } from "../device-link.js";
import { counted, elapsedTimer, joined, listRow } from "../list-row.js";
import { listSection } from "../section.js";

/** @type {(context: Context) => Part} */
export function create(context) {
  const { store, settings, t } = context;
  const search = element("input", {
    type: "search",
    "aria-label": t("people_search"),
    placeholder: t("people_search"),
  });
  const found = element("p", { class: "spoken", role: "status" });
  const filters = Object.keys(FILTERS).map((name) => filterButton(name));
  const choice = element(
    "div",
    { class: "filters", role: "group", "aria-label": t("people_filter") },
    ...filters.map(({ root }) => root),
  );
  let filter = "all";

  /** @param {string} name */
  function filterButton(name) {
    const count = element("small");
    const root = element(
      "button",
      { type: "button", "data-filter": name, "aria-pressed": String(name === "all") },
      t(`people_${name}`),
      count,
    );
    root.addEventListener("click", () => {
      filter = name;
      for (const other of filters) setAttribute(other.root, "aria-pressed", String(other.root === root));
      part.render();
      announce();
    });
    return { root, count, name };
  }

  const list = new KeyedList(
    (/** @type {Person} */ { id }) => id,
    () => personRow(context),
  );
  const items = () => people(store, settings, filter, search.value);
  const announce = () => setText(found, t("people_found", { count: items().length }));
  const isFiltered = () => search.value.trim() !== "" || filter !== "all";
  const part = listSection(context, "people", list, items, {
    isUnknown: () => arePeopleUnknown(store, settings),
    emptyText: () => t(isFiltered() ? "empty_filter" : "empty_people"),
    above: settings.wall ? [] : [choice, search, found],
  });
  const { render } = part;
  part.render = () => {
    const numbers = counts(store, settings);
    for (const { count, name } of filters) setText(count, String(numbers[name]));
    render();
  };
  search.addEventListener("input", () => {
    part.render();
    announce();
  });
  return part;
}

/** @type {(context: Context) => Row<Person>} */
function personRow(context) {
  const { settings, t } = context;
  const { root, svg, title, detail, time } = listRow();
  const name = deviceLink(context);
  title.append(name.root);
  const { start, tick } = elapsedTimer(context, (seconds) => setText(time, seconds === null ? "" : clock(seconds)));
  /** @param {Person} person */
  function update(person) {
    const state = person.state ?? "unknown";
    setAttribute(root, "data-person", person.id);
    setAttribute(root, "data-state", state);
    setIcon(svg, state);
    name.show(person.name, person.device_id);
    const who = person.other && t("person_with", { who: person.other });
    const { from, wait, title: tooltip } = counted(t, state === "on_call", person);
    const voicemail = person.voicemail ? t("person_voicemail", { count: person.voicemail }) : null;
    const more = settings.wall ? [] : [wait, person.extension, voicemail];
    setText(detail, joined([t(`state_${state}`), person.reason, who, ...more]));
    setAttribute(time, "title", tooltip);
    start(from);
  }
  return { root, update, tick };
}
