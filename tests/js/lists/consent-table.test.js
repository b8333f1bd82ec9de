/** Tests of what a press on a consent list's button does: the right action on the right list. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf, listsOf } from "../../../custom_components/dls_pbx/front_desk/www/lists/consent-lists.js";

test("each list has the action that changes it, and the field that names it", () => {
  const [campaign, tenant] = listsOf({
    opt_in: [{ campaign_id: "CABC123", campaign_name: null, total: 2, listed: true }],
    opt_out: [{ tenant_id: "0", tenant_name: "default", total: 1, listed: null }],
  });
  assert.deepEqual([campaign.name, tenant.name], ["CABC123", "default"]);
  assert.deepEqual(changeOf(campaign, true), ["remove_subscriber", "campaign_id"]);
  assert.deepEqual(changeOf(campaign, false), ["add_subscriber", "campaign_id"]);
  assert.deepEqual(changeOf(tenant, true), ["remove_unsubscriber", "tenant_id"]);
  assert.deepEqual(changeOf(tenant, false), ["add_unsubscriber", "tenant_id"]);
});
