/** The kinds of charts beside curves, for drawing.ts. */
import { BarChart, ParallelChart, ScatterChart } from 'echarts/charts';
import { DataZoomComponent, ParallelComponent } from 'echarts/components';
import { use } from 'echarts/core';

use([BarChart, ParallelChart, ScatterChart, DataZoomComponent, ParallelComponent]);
