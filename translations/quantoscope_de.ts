<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>main</name>
    <message>
        <source>Workbench for post-training quantization of vision transformers (simulated: accuracy, not speed)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the embedded demo and run it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint (.safetensors), run file (.h5) or folder of images.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::ChannelRangesPlot</name>
    <message>
        <source>Channels of a layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run a calibration to see the range of every channel.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see its channels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No values of %1 were observed in this run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantized range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Observed minimum to maximum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipped channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1: %n channel(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>This tap stays in float.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2 bit: powers of two from 1 down, no range to choose.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2 bit; scales %3 to %4, zero point %5.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2 bit; scale %3, zero point %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s) clipped.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>channel %1 · observed %2 to %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quantized %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, scale %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::DistributionPlot</name>
    <message>
        <source>Distribution and levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run a calibration to see how values are distributed over the quantizer&apos;s levels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a layer, for instance an attention softmax, to see its values against the quantizer&apos;s levels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No histogram of %1 was recorded in this run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uniform %1 bit, as calibrated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uniform %1 bit, observed range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>log2 %1 bit, log-int-softmax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>log2 %1 bit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values [%]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: attention weights against quantizer levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: values against quantizer levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: SQNR %2 dB; %3 of %4 levels used; %5 of the attention mass becomes 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: SQNR %2 dB; %3 of %4 levels used; %5 of the mass Σ|x| becomes 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of the values clipped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attention weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mass [%]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share [%]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uniform</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>log2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>values up to 10⁻⁶, zero included: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to %2: %3 of the values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 level %2: %3 of the values, %4 of the mass</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::ErrorPlot</name>
    <message>
        <source>Error by layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 − cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MSE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MSE relative to signal power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run a quantized evaluation to see which layers lose the most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This run has no error figures: switch on “Measure error per layer” and run again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole network up to here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This layer alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantization error by layer: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Measured on %n image(s).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Worst layer alone: %1 (%2 %3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) without any error not drawn.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>alone %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>network %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clipped %1 of the values</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::LayerAxis</name>
    <message>
        <source>in</source>
        <comment>layers before the blocks</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>out</source>
        <comment>layers after the blocks</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer in network order (B: transformer block)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::PlotView</name>
    <message>
        <source>Value under the pointer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export plot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG image (*.png);;SVG drawing (*.svg);;PDF document (*.pdf);;CSV table of the visible data (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy image and data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show everything</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::RangesOverviewPlot</name>
    <message>
        <source>Ranges by layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LayerNorm inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a model and run a calibration to see how far the ranges of channels lie apart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No ranges of “%1” were observed in this run; choose other taps above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel range, max − min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quartiles, whiskers 1.5 IQR</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outlier channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ranges of channels by layer: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Widest spread: %1, whose largest channel range is %2 times the median.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s) of range 0 not drawn.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · channel %2 · range %3, %4 times the median</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1 · median %2, quartiles %3 to %4, whiskers %5 to %6 · %n outlier(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quantoscope::RunTableModel</name>
    <message>
        <source>calibrated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>partial, no accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>complete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>partial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 % [%2, %3]</source>
        <comment>top-1 with 95 % interval</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of %1 common images %2 became right and %3 became wrong; exact McNemar test p = %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No change against the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This run has no float evaluation beside a quantized one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no row above on the same images.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Cancelled: the figures are those of the first %n image(s).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) could not be used and do not count.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe and bits of weights/activations/attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe, W/A/Attn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the precision plan changes against the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plan difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images that count</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-1 accuracy of the float model on the same images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Float top-1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-1 accuracy with its Wilson 95 % interval</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-1 [95 %]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change of top-1 against float on the same images, percentage points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Δ float [pp]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change of top-1 against the row above on the same images, percentage points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Δ above [pp]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images given the same class as in the row above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exact McNemar test against the row above: how likely a change this large is by chance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images per second, decoding included</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::TapTreeModel</name>
    <message>
        <source>Open the checkpoint of this run to change bits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only re-arranges values that another tap already quantizes, so it has no bits of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in this group can be switched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mixed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 values, %2 channels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F float, 8, 6, 4 bits, R what the recipe says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed against the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blocks, operators and weights in order of execution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits of this value; float means not quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantizer, observer and granularity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Setting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signal to quantization noise ratio of this tap&apos;s own rounding and clipping: 10 log10(Σx² / Σ(x−y)²); larger is better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQNR own [dB]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQNR of the value in the quantized network against the float network: includes all errors before it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQNR network [dB]</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine similarity to float, isolated, mean over images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean squared error against float, isolated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MSE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest value seen in calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest value seen in calibration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>quantoscope::Texts</name>
    <message>
        <source>input image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>embedding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>position embedding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>residual sum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LayerNorm output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>query/key/value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attention operand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attention scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attention weights (softmax)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>attention context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>projection output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fc1 output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GELU output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>class token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>logits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, integer LayerNorm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>log2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>log-int-softmax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>per channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>per tensor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>symmetric %1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uniform %1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluating in float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Evaluating quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring the error per layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request contradicts itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something that was asked for does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file is damaged or is not what its name says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is in order, but this program cannot handle what is in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The given data cannot be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file could not be read or written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program met a situation that it did not expect. Finished results are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
