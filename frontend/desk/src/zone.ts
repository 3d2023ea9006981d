/** The company's time zone, which the service writes into the page; read before anything asks what day it is. */

import { setZone } from "../../shared/time";

setZone(document.documentElement.dataset.zone);
