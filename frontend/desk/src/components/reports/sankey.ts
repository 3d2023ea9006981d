/** The parts of ECharts that draw flows; loaded with the blueprint. */

import { SankeyChart } from "echarts/charts";
import { AriaComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([SankeyChart, AriaComponent, TooltipComponent, SVGRenderer]);

export { init };
