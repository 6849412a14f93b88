<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>main</name>
    <message>
        <source>Workbench for post-training quantization of vision transformers (simulated: accuracy, not speed)</source>
        <translation>视觉 Transformer 训练后量化工作台（模拟量化：衡量精度，而非速度）</translation>
    </message>
    <message>
        <source>Open the embedded demo and run it.</source>
        <translation>打开内置演示并运行。</translation>
    </message>
    <message>
        <source>Checkpoint (.safetensors), run file (.h5) or folder of images.</source>
        <translation>权重文件（.safetensors）、运行文件（.h5）或图像文件夹。</translation>
    </message>
</context>
<context>
    <name>quantoscope::BitsDelegate</name>
    <message>
        <source>Bits</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>量化方案</translation>
    </message>
</context>
<context>
    <name>quantoscope::ChannelRangesPlot</name>
    <message>
        <source>Channels of a layer</source>
        <translation>单层各通道</translation>
    </message>
    <message>
        <source>Run a calibration to see the range of every channel.</source>
        <translation>运行一次校准即可查看每个通道的取值范围。</translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see its channels.</source>
        <translation>在模型树或图中选择一层，即可查看其各通道。</translation>
    </message>
    <message>
        <source>No values of %1 were observed in this run.</source>
        <translation>本次运行未观测到 %1 的数值。</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>Output channel</source>
        <translation>输出通道</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Quantized range</source>
        <translation>量化范围</translation>
    </message>
    <message>
        <source>Observed minimum to maximum</source>
        <translation>观测最小值至最大值</translation>
    </message>
    <message>
        <source>Clipped channel</source>
        <translation>被截断的通道</translation>
    </message>
    <message>
        <source>This tap stays in float.</source>
        <translation>此观测点保持浮点。</translation>
    </message>
    <message>
        <source>%1, %2 bit: powers of two from 1 down, no range to choose.</source>
        <translation>%1，%2 位：由 1 向下的 2 的幂，无需选择范围。</translation>
    </message>
    <message>
        <source>%1, %2 bit; scales %3 to %4, zero point %5.</source>
        <translation>%1，%2 位；缩放因子 %3 至 %4，零点 %5。</translation>
    </message>
    <message>
        <source>%1, %2 bit; scale %3, zero point %4.</source>
        <translation>%1，%2 位；缩放因子 %3，零点 %4。</translation>
    </message>
    <message>
        <source>channel %1 · observed %2 to %3</source>
        <translation>通道 %1 · 观测值 %2 至 %3</translation>
    </message>
    <message>
        <source>quantized %1 to %2</source>
        <translation>量化范围 %1 至 %2</translation>
    </message>
    <message>
        <source>, scale %1</source>
        <translation>，缩放因子 %1</translation>
    </message>
    <message>
        <source>%1: channel by channel</source>
        <translation>%1：逐通道</translation>
    </message>
    <message>
        <source>Clipped channels: %1 of %2.</source>
        <translation>被截断的通道：%1 个，共 %2 个。</translation>
    </message>
</context>
<context>
    <name>quantoscope::DistributionPlot</name>
    <message>
        <source>Distribution and levels</source>
        <translation>分布与量化级</translation>
    </message>
    <message>
        <source>Run a calibration to see how values are distributed over the quantizer&apos;s levels.</source>
        <translation>运行一次校准即可查看数值在各量化级上的分布。</translation>
    </message>
    <message>
        <source>Select a layer, for instance an attention softmax, to see its values against the quantizer&apos;s levels.</source>
        <translation>选择一层（例如注意力 softmax），即可对照量化级查看其数值。</translation>
    </message>
    <message>
        <source>No histogram of %1 was recorded in this run.</source>
        <translation>本次运行未记录 %1 的直方图。</translation>
    </message>
    <message>
        <source>uniform %1 bit, as calibrated</source>
        <translation>均匀 %1 位，按校准结果</translation>
    </message>
    <message>
        <source>uniform %1 bit, observed range</source>
        <translation>均匀 %1 位，按观测范围</translation>
    </message>
    <message>
        <source>log2 %1 bit, log-int-softmax</source>
        <translation>log2 %1 位，log-int-softmax</translation>
    </message>
    <message>
        <source>log2 %1 bit</source>
        <translation>log2 %1 位</translation>
    </message>
    <message>
        <source>Values [%]</source>
        <translation>数值占比 [%]</translation>
    </message>
    <message>
        <source>%1: attention weights against quantizer levels</source>
        <translation>%1：注意力权重与量化级</translation>
    </message>
    <message>
        <source>%1: values against quantizer levels</source>
        <translation>%1：数值与量化级</translation>
    </message>
    <message>
        <source>Attention weight</source>
        <translation>注意力权重</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Mass [%]</source>
        <translation>总量占比 [%]</translation>
    </message>
    <message>
        <source>Share [%]</source>
        <translation>占比 [%]</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>均匀</translation>
    </message>
    <message>
        <source>log2</source>
        <translation>log2</translation>
    </message>
    <message>
        <source>values up to 10⁻⁶, zero included: %1</source>
        <translation>不大于 10⁻⁶ 的数值（含零）：%1</translation>
    </message>
    <message>
        <source>%1 to %2: %3 of the values</source>
        <translation>%1 至 %2：占数值的 %3</translation>
    </message>
    <message>
        <source>%1 level %2: %3 of the values, %4 of the mass</source>
        <translation>%1 · 量化级 %2：占数值的 %3，占总量的 %4</translation>
    </message>
    <message>
        <source>%1: SQNR %2 dB, %3 of %4 levels used, %5 of mass to 0</source>
        <translation>%1：SQNR %2 dB，使用 %3/%4 个量化级，总量的 %5 归零</translation>
    </message>
    <message>
        <source>, %1 clipped</source>
        <translation>，%1 被截断</translation>
    </message>
</context>
<context>
    <name>quantoscope::ErrorPlot</name>
    <message>
        <source>Error by layer</source>
        <translation>逐层误差</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>1 − cosine</source>
        <translation>1 − 余弦</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>MSE relative to signal power</source>
        <translation>相对于信号功率的 MSE</translation>
    </message>
    <message>
        <source>Run a quantized evaluation to see which layers lose the most.</source>
        <translation>运行一次量化评估即可查看哪些层损失最大。</translation>
    </message>
    <message>
        <source>This run has no error figures: switch on “Measure error per layer” and run again.</source>
        <translation>本次运行没有误差数据：请勾选“测量逐层误差”后重新运行。</translation>
    </message>
    <message>
        <source>Whole network up to here</source>
        <translation>截至此层的整个网络</translation>
    </message>
    <message>
        <source>This layer alone</source>
        <translation>仅此层</translation>
    </message>
    <message>
        <source>Weight alone</source>
        <translation>仅权重</translation>
    </message>
    <message>
        <source>Quantization error by layer: %1</source>
        <translation>逐层量化误差：%1</translation>
    </message>
    <message>
        <source>alone %1</source>
        <translation>单独 %1</translation>
    </message>
    <message>
        <source>network %1</source>
        <translation>全网 %1</translation>
    </message>
    <message>
        <source>clipped %1 of the values</source>
        <translation>%1 的数值被截断</translation>
    </message>
    <message>
        <source>Images measured: %1.</source>
        <translation>测量图像数：%1。</translation>
    </message>
    <message>
        <source>Worst layer alone: %1 (%2: %3).</source>
        <translation>单独误差最大的层：%1（%2：%3）。</translation>
    </message>
    <message>
        <source>Values without any error, not drawn: %1.</source>
        <translation>无误差而未绘制的数值：%1。</translation>
    </message>
</context>
<context>
    <name>quantoscope::GetModelDialog</name>
    <message>
        <source>Get a model</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Filter models</source>
        <translation>筛选模型</translation>
    </message>
    <message>
        <source>Filter: deit, swin base, 384…</source>
        <translation>筛选：deit、swin base、384…</translation>
    </message>
    <message>
        <source>About the chosen model</source>
        <translation>关于所选模型</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>下载进度</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>本地</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Published models</source>
        <translation>已发布的模型</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Optional: https address of a folder that holds the files</source>
        <translation>可选：存放这些文件的文件夹的 https 地址</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Mirror</source>
        <translation>镜像(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>下载(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>关闭(&amp;L)</translation>
    </message>
    <message>
        <source>no direct address</source>
        <translation>无直接地址</translation>
    </message>
    <message>
        <source>part, %1</source>
        <translation>部分，%1</translation>
    </message>
    <message>
        <source>There is no direct public address.</source>
        <translation>没有可直接下载的公开地址。</translation>
    </message>
    <message>
        <source>No SHA-256 is published; the computed one is shown.</source>
        <translation>未公布 SHA-256；将显示计算得到的值。</translation>
    </message>
    <message>
        <source>The published beginning of the SHA-256 is checked.</source>
        <translation>将核对已公布的 SHA-256 开头部分。</translation>
    </message>
    <message>
        <source>The published SHA-256 is checked.</source>
        <translation>将核对已公布的 SHA-256。</translation>
    </message>
    <message>
        <source>Accuracy from: %1.</source>
        <translation>准确率出处：%1。</translation>
    </message>
    <message>
        <source>No model has these words in its name.</source>
        <translation>没有名称包含这些词的模型。</translation>
    </message>
    <message>
        <source>Choose a model in the table first.</source>
        <translation>请先在表中选择一个模型。</translation>
    </message>
    <message>
        <source>The file is there already.</source>
        <translation>该文件已存在。</translation>
    </message>
    <message>
        <source>Name the folder to save the file in.</source>
        <translation>请指定保存文件的文件夹。</translation>
    </message>
    <message>
        <source>There is no public address of this file: name a mirror, or get it with a browser.</source>
        <translation>该文件没有公开地址：请指定镜像，或用浏览器获取。</translation>
    </message>
    <message>
        <source>A download is in progress.</source>
        <translation>正在下载。</translation>
    </message>
    <message>
        <source>What was received is kept and continued later.</source>
        <translation>已接收的部分会保留，以后可继续。</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有正在运行的任务。</translation>
    </message>
    <message>
        <source>The file is not there yet.</source>
        <translation>该文件尚不存在。</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Folder to save models in</source>
        <translation>保存模型的文件夹</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>正在校验…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source> · %1 per second</source>
        <translation> · 每秒 %1</translation>
    </message>
    <message>
        <source> · %1 left</source>
        <translation> · 剩余 %1</translation>
    </message>
    <message>
        <source>Trying again in %1: %2</source>
        <translation>%1 后重试：%2</translation>
    </message>
    <message>
        <source>%1: the SHA-256 is as published.</source>
        <translation>%1：SHA-256 与公布的一致。</translation>
    </message>
    <message>
        <source>%1: no SHA-256 is published; this file&apos;s is %2.</source>
        <translation>%1：未公布 SHA-256；此文件的值为 %2。</translation>
    </message>
    <message>
        <source>Stopped; what was received is kept and continued later.</source>
        <translation>已停止；已接收的部分会保留，以后可继续。</translation>
    </message>
    <message>
        <source>The file was not saved.</source>
        <translation>文件未保存。</translation>
    </message>
    <message>
        <source>Con&amp;tinue download</source>
        <translation>继续下载(&amp;T)</translation>
    </message>
</context>
<context>
    <name>quantoscope::LayerAxis</name>
    <message>
        <source>in</source>
        <comment>layers before the blocks</comment>
        <translation>入</translation>
    </message>
    <message>
        <source>out</source>
        <comment>layers after the blocks</comment>
        <translation>出</translation>
    </message>
    <message>
        <source>Layer in network order (B: transformer block)</source>
        <translation>按网络顺序排列的层（B：Transformer 块）</translation>
    </message>
    <message>
        <source>↓</source>
        <comment>layers between blocks (patch merging)</comment>
        <translation>↓</translation>
    </message>
</context>
<context>
    <name>quantoscope::MainWindow</name>
    <message>
        <source>Quantoscope</source>
        <translation>Quantoscope</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>评估结果</translation>
    </message>
    <message>
        <source>Simulated quantization: accuracy, not speed</source>
        <translation>模拟量化：衡量精度，而非速度</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Open model…</source>
        <translation>打开模型(&amp;O)…</translation>
    </message>
    <message>
        <source>Open r&amp;un…</source>
        <translation>打开运行(&amp;U)…</translation>
    </message>
    <message>
        <source>&amp;Recent files</source>
        <translation>最近的文件(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Export report (HDF5)…</source>
        <translation>导出报告（HDF5）(&amp;E)…</translation>
    </message>
    <message>
        <source>Export &amp;plot…</source>
        <translation>导出图(&amp;P)…</translation>
    </message>
    <message>
        <source>Export &amp;all plots…</source>
        <translation>导出所有图(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Filter layers</source>
        <translation>筛选层(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>快捷键(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;About Quantoscope</source>
        <translation>关于 Quantoscope(&amp;A)</translation>
    </message>
    <message>
        <source>Wrote %1</source>
        <translation>已写入 %1</translation>
    </message>
    <message>
        <source>recipe bits</source>
        <translation>方案位宽</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>%1 layers</source>
        <translation>%1 层</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <comment>which layers to which bits</comment>
        <translation>%1 设为%2</translation>
    </message>
    <message>
        <source>%1 – Quantoscope</source>
        <translation>%1 – Quantoscope</translation>
    </message>
    <message>
        <source>%1 · %2 parameters · depth %3, width %4, heads %5</source>
        <translation>%1 · %2 个参数 · 深度 %3，宽度 %4，注意力头 %5</translation>
    </message>
    <message>
        <source>Export all plots as PNG and SVG into</source>
        <translation>将所有图以 PNG 和 SVG 导出到</translation>
    </message>
    <message>
        <source>Wrote %1 files to %2</source>
        <translation>已将 %1 个文件写入 %2</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Checkpoints (*.safetensors);;All files (*)</source>
        <translation>权重文件 (*.safetensors);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open run</source>
        <translation>打开运行</translation>
    </message>
    <message>
        <source>Run files (*.h5 *.hdf5);;All files (*)</source>
        <translation>运行文件 (*.h5 *.hdf5);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Export report</source>
        <translation>导出报告</translation>
    </message>
    <message>
        <source>Run files (*.h5)</source>
        <translation>运行文件 (*.h5)</translation>
    </message>
    <message>
        <source>There is no run yet: run an evaluation or open a run file.</source>
        <translation>尚无运行：请运行一次评估或打开运行文件。</translation>
    </message>
    <message>
        <source>Everything about the run that is shown, as one HDF5 file</source>
        <translation>当前所示运行的全部内容，保存为一个 HDF5 文件</translation>
    </message>
    <message>
        <source>The plot with the focus as PNG, SVG, PDF or CSV</source>
        <translation>将当前焦点所在的图导出为 PNG、SVG、PDF 或 CSV</translation>
    </message>
    <message>
        <source>Every plot as PNG and SVG into a folder</source>
        <translation>将每幅图以 PNG 和 SVG 导出到文件夹</translation>
    </message>
    <message>
        <source>The plot as image and its data as a table, or the selected rows</source>
        <translation>复制图像及其数据表，或复制选中的行</translation>
    </message>
    <message>
        <source>Calibrates, evaluates and measures as chosen in the form</source>
        <translation>按表单所选进行校准、评估和测量</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有正在进行的运行。</translation>
    </message>
    <message>
        <source>Stops within one batch; the finished part stays</source>
        <translation>在一个批次内停止；已完成的部分保留</translation>
    </message>
    <message>
        <source>A run is in progress.</source>
        <translation>正在运行。</translation>
    </message>
    <message>
        <source>A checkpoint file (*.safetensors)</source>
        <translation>权重文件（*.safetensors）</translation>
    </message>
    <message>
        <source>A run file (*.h5) that was exported earlier</source>
        <translation>先前导出的运行文件（*.h5）</translation>
    </message>
    <message>
        <source>F, 8, 6, 4, R</source>
        <translation>F、8、6、4、R</translation>
    </message>
    <message>
        <source>Model tree: bits of the selected layers (R: recipe)</source>
        <translation>模型树：所选层的位宽（R：量化方案）</translation>
    </message>
    <message>
        <source>Wheel, + and −</source>
        <translation>滚轮、+ 和 −</translation>
    </message>
    <message>
        <source>Plot: zoom</source>
        <translation>图：缩放</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>Plot: move</source>
        <translation>图：平移</translation>
    </message>
    <message>
        <source>Double click, Home</source>
        <translation>双击、Home</translation>
    </message>
    <message>
        <source>Plot: show everything</source>
        <translation>图：显示全部</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>左、右方向键</translation>
    </message>
    <message>
        <source>Plot: previous or next layer</source>
        <translation>图：上一层或下一层</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>About Quantoscope</source>
        <translation>关于 Quantoscope</translation>
    </message>
    <message>
        <source>Quantoscope %1</source>
        <translation>Quantoscope %1</translation>
    </message>
    <message>
        <source>A workbench for post-training quantization of vision transformers.

Simulated quantization: the figures say what the accuracy would be, not how fast an integer device is.

Free software under the GNU General Public License, version 3 or later.</source>
        <translation>视觉 Transformer 训练后量化工作台。

模拟量化：这些数字表示精度会是多少，而不是整数设备有多快。

自由软件，遵循 GNU 通用公共许可证第 3 版或更高版本。</translation>
    </message>
    <message>
        <source>&amp;Get a model…</source>
        <translation>获取模型(&amp;G)…</translation>
    </message>
    <message>
        <source>Download the published checkpoint of a known model</source>
        <translation>下载已知模型的已发布检查点</translation>
    </message>
</context>
<context>
    <name>quantoscope::ModelPanel</name>
    <message>
        <source>Filter layers</source>
        <translation>筛选层</translation>
    </message>
    <message>
        <source>Filter: fc2, softmax, block 3, float…</source>
        <translation>筛选：fc2、softmax、块 3、浮点…</translation>
    </message>
    <message>
        <source>One list</source>
        <translation>平铺列表</translation>
    </message>
    <message>
        <source>All layers in one list, so that sorting by a column ranks the whole network</source>
        <translation>将所有层放入一个列表，按列排序即可对整个网络排名</translation>
    </message>
    <message>
        <source>Layers of the model</source>
        <translation>模型的层</translation>
    </message>
    <message>
        <source>Bits:</source>
        <translation>位宽：</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Set the selected layers to %1 bits</source>
        <translation>将所选层设为 %1 位</translation>
    </message>
    <message>
        <source>Leave the selected layers in float</source>
        <translation>所选层保持浮点</translation>
    </message>
    <message>
        <source>Set the selected layers to what the recipe says</source>
        <translation>将所选层恢复为量化方案的设置</translation>
    </message>
    <message>
        <source>Open a checkpoint (*.safetensors) with Ctrl+O, or drop one here.</source>
        <translation>按 Ctrl+O 打开权重文件（*.safetensors），或将其拖放到此处。</translation>
    </message>
    <message>
        <source>Applies to the selected layers: %1</source>
        <translation>应用于所选层：%1</translation>
    </message>
    <message>
        <source>Select layers in the tree first.</source>
        <translation>请先在树中选择层。</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Download the published checkpoint of a known model</source>
        <translation>下载已知模型的已发布检查点</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlotView</name>
    <message>
        <source>Value under the pointer</source>
        <translation>指针处的数值</translation>
    </message>
    <message>
        <source>Export plot</source>
        <translation>导出图</translation>
    </message>
    <message>
        <source>PNG image (*.png);;SVG drawing (*.svg);;PDF document (*.pdf);;CSV table of the visible data (*.csv)</source>
        <translation>PNG 图像 (*.png);;SVG 矢量图 (*.svg);;PDF 文档 (*.pdf);;可见数据的 CSV 表格 (*.csv)</translation>
    </message>
    <message>
        <source>&amp;Copy image and data</source>
        <translation>复制图像和数据(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Show everything</source>
        <translation>显示全部(&amp;S)</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlotsPanel</name>
    <message>
        <source>Layers to compare</source>
        <translation>要比较的层</translation>
    </message>
    <message>
        <source>Which layers the boxes stand for</source>
        <translation>箱线所代表的层</translation>
    </message>
    <message>
        <source>LayerNorm inputs</source>
        <translation>LayerNorm 输入</translation>
    </message>
    <message>
        <source>Error metric</source>
        <translation>误差指标</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Bits of the levels drawn</source>
        <translation>所绘量化级的位宽</translation>
    </message>
    <message>
        <source>Bits of the quantizer levels that are drawn over the values</source>
        <translation>叠加在数值上的量化级的位宽</translation>
    </message>
    <message>
        <source>as set</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source> bit</source>
        <translation> 位</translation>
    </message>
    <message>
        <source>Move this plot into a window of its own, or back</source>
        <translation>将此图移到独立窗口，或移回</translation>
    </message>
    <message>
        <source>Detach %1</source>
        <translation>分离“%1”</translation>
    </message>
</context>
<context>
    <name>quantoscope::PreprocessingDialog</name>
    <message>
        <source>Preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source> px</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>bicubic</source>
        <translation>双三次</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>&amp;Shorter side</source>
        <translation>短边(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Interpolation</source>
        <translation>插值(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Centre crop</source>
        <translation>中心裁剪(&amp;C)</translation>
    </message>
    <message>
        <source>red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>Mean (of 0 to 1)</source>
        <translation>均值（0 至 1）</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>As the model asks</source>
        <translation>恢复模型默认</translation>
    </message>
</context>
<context>
    <name>quantoscope::RangesOverviewPlot</name>
    <message>
        <source>Ranges by layer</source>
        <translation>逐层取值范围</translation>
    </message>
    <message>
        <source>LayerNorm inputs</source>
        <translation>LayerNorm 输入</translation>
    </message>
    <message>
        <source>Open a model and run a calibration to see how far the ranges of channels lie apart.</source>
        <translation>打开模型并运行一次校准，即可查看各通道取值范围的差异。</translation>
    </message>
    <message>
        <source>No ranges of “%1” were observed in this run; choose other taps above.</source>
        <translation>本次运行未观测到“%1”的取值范围；请在上方选择其他观测点。</translation>
    </message>
    <message>
        <source>Quartiles, whiskers 1.5 IQR</source>
        <translation>四分位数，须线 1.5 IQR</translation>
    </message>
    <message>
        <source>Outlier channel</source>
        <translation>离群通道</translation>
    </message>
    <message>
        <source>Widest spread: %1, whose largest channel range is %2 times the median.</source>
        <translation>差异最大：%1，其最大通道范围为中位数的 %2 倍。</translation>
    </message>
    <message>
        <source>%1 · channel %2 · range %3, %4 times the median</source>
        <translation>%1 · 通道 %2 · 范围 %3，为中位数的 %4 倍</translation>
    </message>
    <message>
        <source>Channel range</source>
        <translation>通道范围</translation>
    </message>
    <message>
        <source>Range max − min of every channel, by layer: %1</source>
        <translation>各层每个通道的范围（最大值 − 最小值）：%1</translation>
    </message>
    <message>
        <source>Channels of range 0, not drawn: %1.</source>
        <translation>范围为 0 而未绘制的通道：%1。</translation>
    </message>
    <message>
        <source>%1 · median %2, quartiles %3 to %4, whiskers %5 to %6 · outliers: %7</source>
        <translation>%1 · 中位数 %2，四分位数 %3 至 %4，须线 %5 至 %6 · 离群值：%7</translation>
    </message>
</context>
<context>
    <name>quantoscope::RecipePanel</name>
    <message>
        <source>Image lists (*.txt);;All files (*)</source>
        <translation>图像列表 (*.txt);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation>量化器</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>Stays in float: %1</source>
        <translation>保持浮点：%1</translation>
    </message>
    <message>
        <source>&amp;PTF</source>
        <translation>&amp;PTF</translation>
    </message>
    <message>
        <source>Power-of-two factor: integer LayerNorm whose input has a scale per channel, scale · 2^α with α in 0 to 3</source>
        <translation>2 的幂因子：整数 LayerNorm，其输入逐通道缩放，缩放因子为 scale · 2^α，α 取 0 至 3</translation>
    </message>
    <message>
        <source>&amp;LIS</source>
        <translation>&amp;LIS</translation>
    </message>
    <message>
        <source>Log-int-softmax: integer softmax whose output is a power of two</source>
        <translation>Log-int-softmax：输出为 2 的幂的整数 softmax</translation>
    </message>
    <message>
        <source>Bits of weights</source>
        <translation>权重位宽</translation>
    </message>
    <message>
        <source>Bits of activations</source>
        <translation>激活位宽</translation>
    </message>
    <message>
        <source>Bits of attention weights</source>
        <translation>注意力权重位宽</translation>
    </message>
    <message>
        <source>Re&amp;cipe</source>
        <translation>方案(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;W/A/Attn</source>
        <translation>&amp;W/A/Attn</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Folder of images</source>
        <translation>图像文件夹</translation>
    </message>
    <message>
        <source>holds val/ and train/</source>
        <translation>含 val/ 和 train/</translation>
    </message>
    <message>
        <source>Split to evaluate</source>
        <translation>要评估的划分</translation>
    </message>
    <message>
        <source>List of images to evaluate</source>
        <translation>要评估的图像列表</translation>
    </message>
    <message>
        <source>all of the split</source>
        <translation>划分中的全部</translation>
    </message>
    <message>
        <source>Most images to evaluate</source>
        <translation>评估图像数上限</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Images per batch</source>
        <translation>每批图像数</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>Choose the folder of images</source>
        <translation>选择图像文件夹</translation>
    </message>
    <message>
        <source>Lis&amp;t</source>
        <translation>列表(&amp;T)</translation>
    </message>
    <message>
        <source>Choose a list of images</source>
        <translation>选择图像列表</translation>
    </message>
    <message>
        <source>B&amp;atch</source>
        <translation>批大小(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>划分(&amp;S)</translation>
    </message>
    <message>
        <source>Preprocessin&amp;g…</source>
        <translation>预处理(&amp;G)…</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>上限(&amp;M)</translation>
    </message>
    <message>
        <source>Calibration set</source>
        <translation>校准集</translation>
    </message>
    <message>
        <source>List of calibration images</source>
        <translation>校准图像列表</translation>
    </message>
    <message>
        <source>random images of train/</source>
        <translation>train/ 中的随机图像</translation>
    </message>
    <message>
        <source>Number of calibration images</source>
        <translation>校准图像数</translation>
    </message>
    <message>
        <source>Seed of the random choice</source>
        <translation>随机选取的种子</translation>
    </message>
    <message>
        <source>Images per calibration batch</source>
        <translation>每个校准批次的图像数</translation>
    </message>
    <message>
        <source>EMA, Percentile, PTF, OMSE and LIS depend on the batches; MinMax does not</source>
        <translation>EMA、Percentile、PTF、OMSE 和 LIS 的结果取决于批次划分；MinMax 则不然</translation>
    </message>
    <message>
        <source>See&amp;d</source>
        <translation>种子(&amp;D)</translation>
    </message>
    <message>
        <source>L&amp;ist</source>
        <translation>列表(&amp;I)</translation>
    </message>
    <message>
        <source>Choose a list of calibration images</source>
        <translation>选择校准图像列表</translation>
    </message>
    <message>
        <source>Co&amp;unt</source>
        <translation>数量(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation>批大小(&amp;C)</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Evaluate i&amp;n float</source>
        <translation>评估浮点模型(&amp;K)</translation>
    </message>
    <message>
        <source>Calibrate and evaluate &amp;quantized</source>
        <translation>校准并评估量化模型(&amp;Q)</translation>
    </message>
    <message>
        <source>Measure error per la&amp;yer on</source>
        <translation>测量逐层误差(&amp;Y)</translation>
    </message>
    <message>
        <source>Images behind the error figures</source>
        <translation>误差数据所用图像数</translation>
    </message>
    <message>
        <source> images</source>
        <translation> 张图像</translation>
    </message>
    <message>
        <source>State of the run</source>
        <translation>运行状态</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>运行进度</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stopping after the current batch…</source>
        <translation>当前批次结束后停止…</translation>
    </message>
    <message>
        <source>Changed: %1</source>
        <translation>已更改：%1</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1，剩余 %2</translation>
    </message>
    <message>
        <source>%v of %m</source>
        <translation>%v / %m</translation>
    </message>
    <message>
        <source>Open a checkpoint first (File, Open model).</source>
        <translation>请先打开权重文件（文件 → 打开模型）。</translation>
    </message>
    <message>
        <source>Choose the folder of images first.</source>
        <translation>请先选择图像文件夹。</translation>
    </message>
    <message>
        <source>Switch on at least one step.</source>
        <translation>请至少启用一个步骤。</translation>
    </message>
    <message>
        <source>A run is in progress.</source>
        <translation>正在运行。</translation>
    </message>
    <message>
        <source>Calibrates, evaluates and measures as chosen above</source>
        <translation>按上方所选进行校准、评估和测量</translation>
    </message>
    <message>
        <source>Stops within one batch and keeps the part that is finished</source>
        <translation>在一个批次内停止，并保留已完成的部分</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有正在进行的运行。</translation>
    </message>
    <message>
        <source>The list says which images.</source>
        <translation>图像由列表指定。</translation>
    </message>
    <message>
        <source>How pictures become the model&apos;s input</source>
        <translation>图像如何转换为模型输入</translation>
    </message>
    <message>
        <source>Open a checkpoint first.</source>
        <translation>请先打开权重文件。</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunTableModel</name>
    <message>
        <source>calibrated</source>
        <translation>已校准</translation>
    </message>
    <message>
        <source>partial, no accuracy</source>
        <translation>部分完成，无精度</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>部分完成</translation>
    </message>
    <message>
        <source>%1 % [%2, %3]</source>
        <comment>top-1 with 95 % interval</comment>
        <translation>%1% [%2, %3]</translation>
    </message>
    <message>
        <source>Of %1 common images %2 became right and %3 became wrong; exact McNemar test p = %4.</source>
        <translation>%1 张共同图像中，%2 张由错变对，%3 张由对变错；McNemar 精确检验 p = %4。</translation>
    </message>
    <message>
        <source>No change against the recipe</source>
        <translation>与量化方案无差异</translation>
    </message>
    <message>
        <source>This run has no float evaluation beside a quantized one.</source>
        <translation>本次运行没有与量化评估对照的浮点评估。</translation>
    </message>
    <message>
        <source>There is no row above on the same images.</source>
        <translation>上方没有使用相同图像的行。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Recipe and bits of weights/activations/attention</source>
        <translation>量化方案及权重/激活/注意力位宽</translation>
    </message>
    <message>
        <source>Recipe, W/A/Attn</source>
        <translation>量化方案，W/A/Attn</translation>
    </message>
    <message>
        <source>What the precision plan changes against the recipe</source>
        <translation>精度计划相对量化方案的改动</translation>
    </message>
    <message>
        <source>Plan difference</source>
        <translation>计划差异</translation>
    </message>
    <message>
        <source>Images that count</source>
        <translation>计入统计的图像</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Top-1 accuracy of the float model on the same images</source>
        <translation>浮点模型在相同图像上的 top-1 准确率</translation>
    </message>
    <message>
        <source>Float top-1</source>
        <translation>浮点 top-1</translation>
    </message>
    <message>
        <source>Top-1 accuracy with its Wilson 95 % interval</source>
        <translation>Top-1 准确率及其 95% Wilson 置信区间</translation>
    </message>
    <message>
        <source>Top-1 [95 %]</source>
        <translation>Top-1 [95%]</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5</translation>
    </message>
    <message>
        <source>Change of top-1 against float on the same images, percentage points</source>
        <translation>相同图像上 top-1 相对浮点的变化（百分点）</translation>
    </message>
    <message>
        <source>Δ float [pp]</source>
        <translation>Δ 浮点 [百分点]</translation>
    </message>
    <message>
        <source>Change of top-1 against the row above on the same images, percentage points</source>
        <translation>相同图像上 top-1 相对上一行的变化（百分点）</translation>
    </message>
    <message>
        <source>Δ above [pp]</source>
        <translation>Δ 上一行 [百分点]</translation>
    </message>
    <message>
        <source>Images given the same class as in the row above</source>
        <translation>与上一行预测类别相同的图像</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致率</translation>
    </message>
    <message>
        <source>Exact McNemar test against the row above: how likely a change this large is by chance</source>
        <translation>相对上一行的 McNemar 精确检验：如此大的变化由偶然造成的概率</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Images per second, decoding included</source>
        <translation>每秒图像数（含解码）</translation>
    </message>
    <message>
        <source>Images/s</source>
        <translation>图像/秒</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Cancelled: the figures are those of the first images only (%1).</source>
        <translation>已取消：这些数字仅针对前 %1 张图像。</translation>
    </message>
    <message>
        <source>Images that could not be used and do not count: %1.</source>
        <translation>无法使用且不计入统计的图像：%1。</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunsPanel</name>
    <message>
        <source>Finished evaluations</source>
        <translation>已完成的评估</translation>
    </message>
    <message>
        <source>Every finished evaluation becomes a row here: choose a recipe on the right and run.</source>
        <translation>每次完成的评估都会成为此处的一行：在右侧选择量化方案并运行。</translation>
    </message>
</context>
<context>
    <name>quantoscope::TapTreeModel</name>
    <message>
        <source>Open the checkpoint of this run to change bits.</source>
        <translation>打开本次运行的权重文件即可更改位宽。</translation>
    </message>
    <message>
        <source>Only re-arranges values that another tap already quantizes, so it has no bits of its own.</source>
        <translation>仅重新排列另一观测点已量化的数值，因此没有自己的位宽。</translation>
    </message>
    <message>
        <source>Nothing in this group can be switched.</source>
        <translation>此组中没有可切换的项。</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>%1 values, %2 channels</source>
        <translation>%1 个数值，%2 个通道</translation>
    </message>
    <message>
        <source>F float, 8, 6, 4 bits, R what the recipe says</source>
        <translation>F 浮点，8、6、4 位宽，R 按量化方案</translation>
    </message>
    <message>
        <source>Changed against the recipe</source>
        <translation>已偏离量化方案</translation>
    </message>
    <message>
        <source>Blocks, operators and weights in order of execution</source>
        <translation>按执行顺序排列的块、算子和权重</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Bits of this value; float means not quantized</source>
        <translation>此数值的位宽；浮点表示未量化</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Quantizer, observer and granularity</source>
        <translation>量化器、观测器和粒度</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Signal to quantization noise ratio of this tap&apos;s own rounding and clipping: 10 log10(Σx² / Σ(x−y)²); larger is better</source>
        <translation>此观测点自身舍入与截断的信号量化噪声比：10 log10(Σx² / Σ(x−y)²)；越大越好</translation>
    </message>
    <message>
        <source>SQNR of the value in the quantized network against the float network: includes all errors before it</source>
        <translation>量化网络中该数值相对浮点网络的 SQNR：包含之前的所有误差</translation>
    </message>
    <message>
        <source>Cosine similarity to float, isolated, mean over images</source>
        <translation>与浮点的余弦相似度，孤立测量，对图像取平均</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>Mean squared error against float, isolated</source>
        <translation>相对浮点的均方误差，孤立测量</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>Smallest value seen in calibration</source>
        <translation>校准中出现的最小值</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Largest value seen in calibration</source>
        <translation>校准中出现的最大值</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>Net SQNR [dB]</source>
        <translation>全网 SQNR [dB]</translation>
    </message>
</context>
<context>
    <name>quantoscope::Texts</name>
    <message>
        <source>input image</source>
        <translation>输入图像</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>position embedding</source>
        <translation>位置嵌入</translation>
    </message>
    <message>
        <source>LayerNorm output</source>
        <translation>LayerNorm 输出</translation>
    </message>
    <message>
        <source>query/key/value</source>
        <translation>查询/键/值</translation>
    </message>
    <message>
        <source>attention operand</source>
        <translation>注意力操作数</translation>
    </message>
    <message>
        <source>attention scores</source>
        <translation>注意力分数</translation>
    </message>
    <message>
        <source>attention weights (softmax)</source>
        <translation>注意力权重（softmax）</translation>
    </message>
    <message>
        <source>attention context</source>
        <translation>注意力上下文</translation>
    </message>
    <message>
        <source>projection output</source>
        <translation>投影输出</translation>
    </message>
    <message>
        <source>fc1 output</source>
        <translation>fc1 输出</translation>
    </message>
    <message>
        <source>GELU output</source>
        <translation>GELU 输出</translation>
    </message>
    <message>
        <source>class token</source>
        <translation>类别 token</translation>
    </message>
    <message>
        <source>logits</source>
        <translation>logits</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>, integer LayerNorm</source>
        <translation>，整数 LayerNorm</translation>
    </message>
    <message>
        <source>log2</source>
        <translation>log2</translation>
    </message>
    <message>
        <source>log-int-softmax</source>
        <translation>log-int-softmax</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>逐通道</translation>
    </message>
    <message>
        <source>per tensor</source>
        <translation>逐张量</translation>
    </message>
    <message>
        <source>symmetric %1, %2</source>
        <translation>对称 %1，%2</translation>
    </message>
    <message>
        <source>uniform %1, %2</source>
        <translation>均匀 %1，%2</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>块 %1</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>分类头</translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation>正在打开模型</translation>
    </message>
    <message>
        <source>Evaluating in float</source>
        <translation>正在评估浮点模型</translation>
    </message>
    <message>
        <source>Calibrating</source>
        <translation>正在校准</translation>
    </message>
    <message>
        <source>Evaluating quantized</source>
        <translation>正在评估量化模型</translation>
    </message>
    <message>
        <source>Measuring the error per layer</source>
        <translation>正在测量逐层误差</translation>
    </message>
    <message>
        <source>The request contradicts itself.</source>
        <translation>请求自相矛盾。</translation>
    </message>
    <message>
        <source>Something that was asked for does not exist.</source>
        <translation>请求的内容不存在。</translation>
    </message>
    <message>
        <source>A file is damaged or is not what its name says.</source>
        <translation>文件已损坏，或内容与其名称不符。</translation>
    </message>
    <message>
        <source>The file is in order, but this program cannot handle what is in it.</source>
        <translation>文件完好，但本程序无法处理其内容。</translation>
    </message>
    <message>
        <source>The given data cannot be used.</source>
        <translation>给定的数据无法使用。</translation>
    </message>
    <message>
        <source>A file could not be read or written.</source>
        <translation>文件无法读取或写入。</translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation>已按要求停止。</translation>
    </message>
    <message>
        <source>The program met a situation that it did not expect. Finished results are kept.</source>
        <translation>程序遇到意外情况。已完成的结果予以保留。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>MinMax: extremes over all calibration batches</source>
        <translation>MinMax：所有校准批次的极值</translation>
    </message>
    <message>
        <source>EMA: running average of batch extremes; depends on the order and size of batches</source>
        <translation>EMA：各批次极值的滑动平均；取决于批次的顺序和大小</translation>
    </message>
    <message>
        <source>Percentile: running average of the 99.999 % quantiles of batches; depends on their order and size</source>
        <translation>Percentile：各批次 99.999% 分位数的滑动平均；取决于批次的顺序和大小</translation>
    </message>
    <message>
        <source>OMSE: of 90 shrunk ranges the one with the least squared error in the last batch</source>
        <translation>OMSE：在 90 个收缩范围中，取最后一个批次平方误差最小者</translation>
    </message>
    <message>
        <source>bicubic</source>
        <translation>双三次</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>shorter side %1 px %2, centre %3 px, mean %4, deviation %5</source>
        <translation>短边 %1 像素 %2，中心 %3 像素，均值 %4，标准差 %5</translation>
    </message>
    <message>
        <source>relative position bias</source>
        <translation>相对位置偏置</translation>
    </message>
    <message>
        <source>residual stream</source>
        <translation>残差流</translation>
    </message>
    <message>
        <source>mean of the tokens</source>
        <translation>token 均值</translation>
    </message>
    <message>
        <source>Between blocks</source>
        <translation>块之间</translation>
    </message>
</context>
</TS>
