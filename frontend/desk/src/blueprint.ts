/** The service blueprint of the days that the reports are about. */

import { ask } from "./api";
import type { Figure, Measure } from "./logic/reports";
import { reports } from "./reports";

export interface Step {
  before: string;
  after: string;
  before_title: string;
  after_title: string;
  lost: boolean;
  measure: Measure;
  figure: Figure;
}

export interface Blueprint {
  first: string;
  last: string;
  came: { channel: string; title: string; count: number }[];
  steps: Step[];
  missing: string[];
}

export const readBlueprint = () =>
  ask<Blueprint>("GET", `/api/reports/blueprint?${new URLSearchParams({ from: reports.from, to: reports.to })}`);
