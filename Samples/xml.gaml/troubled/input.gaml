<?xml version="1.0" encoding="UTF-8"?>
<GAML version="1.20" name="RUN-0417">
  <integrity algorithm="SHA1">0000000000000000000000000000000000000000</integrity>
  <parameter name="component_name" label="Component name" group="GAML Generation">EXAMPLE</parameter>
  <parameter name="converter_input_source" label="Converter input source" group="Data Conversion">D:\data\ann\RUN-0417.seq</parameter>
  <parameter name="ninjections" alias="seq.ninjections" label="Injections" group="Sequence">6</parameter>
  <experiment name="cut">
    <collectdate>2031-04-17T08:00:00Z</collectdate>
    <parameter name="type" alias="SampleType" label="Type" group="Injection">SAMPLE</parameter>
    <parameter name="position" alias="injection.position" label="Vial" group="Injection">GA1</parameter>
    <parameter name="inject_volume" alias="injection.inject_volume" label="Volume" group="Injection">1.5</parameter>
    <parameter name="weight" alias="injection.weight" label="Weight" group="Injection">4.25</parameter>
    <trace name="FID" technique="CHROM">
      <parameter name="IN_RANGE" label="A/D voltage range" group="Instrument">1000</parameter>
      <Xdata label="Minutes" units="MINUTES" valueorder="EVEN">
        <values byteorder="INTEL" format="FLOAT64" numvalues="8">AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8AAAAAAAAAQAAAAAAAAARAAAAAAAAACEAAAAAAAAAMQA==</values>
        <Ydata label="Signal" units="MILLIVOLTS">
          <values byteorder="INTEL" format="FLOAT32" numvalues="8">
            zczMPc3MzD0AAIhAAACcQQAA8EAAAEA/zcxMPs0=
          </values>
          <peaktable name="Peaks">
          </peaktable>
        </Ydata>
      </Xdata>
    </trace>
  </experiment>
  <experiment name="count">
    <collectdate>2031-04-17T08:10:00Z</collectdate>
    <parameter name="type" alias="SampleType" label="Type" group="Injection">SAMPLE</parameter>
    <parameter name="position" alias="injection.position" label="Vial" group="Injection">GA2</parameter>
    <parameter name="inject_volume" alias="injection.inject_volume" label="Volume" group="Injection">1.5</parameter>
    <parameter name="weight" alias="injection.weight" label="Weight" group="Injection">4.25</parameter>
    <trace name="FID" technique="CHROM">
      <parameter name="IN_RANGE" label="A/D voltage range" group="Instrument">1000</parameter>
      <Xdata label="Minutes" units="MINUTES" valueorder="EVEN">
        <values byteorder="INTEL" format="FLOAT64" numvalues="8">AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8AAAAAAAAAQAAAAAAAAARAAAAAAAAACEAAAAAAAAAMQA==</values>
        <Ydata label="Signal" units="MILLIVOLTS">
          <values byteorder="INTEL" format="FLOAT32" numvalues="9">
            zczMPc3MzD0AAIhAAACcQQAA8EAAAEA/zcxMPs3MzD0=
          </values>
          <peaktable name="Peaks">
          </peaktable>
        </Ydata>
      </Xdata>
    </trace>
  </experiment>
  <experiment name="letters">
    <collectdate>2031-04-17T08:20:00Z</collectdate>
    <parameter name="type" alias="SampleType" label="Type" group="Injection">SAMPLE</parameter>
    <parameter name="position" alias="injection.position" label="Vial" group="Injection">GA3</parameter>
    <parameter name="inject_volume" alias="injection.inject_volume" label="Volume" group="Injection">1.5</parameter>
    <parameter name="weight" alias="injection.weight" label="Weight" group="Injection">4.25</parameter>
    <trace name="FID" technique="CHROM">
      <parameter name="IN_RANGE" label="A/D voltage range" group="Instrument">1000</parameter>
      <Xdata label="Minutes" units="MINUTES" valueorder="EVEN">
        <values byteorder="INTEL" format="FLOAT64" numvalues="8">AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8AAAAAAAAAQAAAAAAAAARAAAAAAAAACEAAAAAAAAAMQA==</values>
        <Ydata label="Signal" units="MILLIVOLTS">
          <values byteorder="INTEL" format="FLOAT32" numvalues="8">
            AAAA*AAA
          </values>
          <peaktable name="Peaks">
          </peaktable>
        </Ydata>
      </Xdata>
    </trace>
  </experiment>
  <experiment name="order">
    <collectdate>17 April</collectdate>
    <parameter name="type" alias="SampleType" label="Type" group="Injection">SAMPLE</parameter>
    <parameter name="position" alias="injection.position" label="Vial" group="Injection">GA4</parameter>
    <parameter name="inject_volume" alias="injection.inject_volume" label="Volume" group="Injection">1.5</parameter>
    <parameter name="weight" alias="injection.weight" label="Weight" group="Injection">4.25</parameter>
    <trace name="FID" technique="CHROM">
      <parameter name="IN_RANGE" label="A/D voltage range" group="Instrument">1000</parameter>
      <Xdata label="Minutes" units="MINUTES" valueorder="EVEN">
        <values byteorder="INTEL" format="FLOAT64" numvalues="8">AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8AAAAAAAAAQAAAAAAAAARAAAAAAAAACEAAAAAAAAAMQA==</values>
        <Ydata label="uRIU" units="MILLIVOLTS">
          <values byteorder="MOTOROLA" format="FLOAT32" numvalues="8">
            zczMPc3MzD0AAIhAAACcQQAA8EAAAEA/zcxMPs3MzD0=
          </values>
          <peaktable name="Peaks">
            <peak name="Ethanol" number="1">
              <parameter name="area" alias="peak.area" label="Peak Area" group="Peak">14,25</parameter>
              <parameter name="height" alias="peak.height" label="Peak Height" group="Peak">19.4</parameter>
              <parameter name="amount" alias="peak.amount" label="Peak Amount" group="Peak">2.5</parameter>
              <parameter name="width(50)" alias="peak.width(50)" label="Peak Width 50%" group="Peak">0.6</parameter>
              <peakXvalue>1.5</peakXvalue>
              <peakYvalue>19.5</peakYvalue>
              <baseline>
                <startXvalue>3</startXvalue>
                <startYvalue>0.1</startYvalue>
                <endXvalue>1</endXvalue>
                <endYvalue>0.12</endYvalue>
              </baseline>
            </peak>
            <peak name="Propanol" number="2">
              <parameter name="area" alias="peak.area" label="Peak Area" group="Peak">14.25</parameter>
              <parameter name="height" alias="peak.height" label="Peak Height" group="Peak">19.4</parameter>
              <parameter name="amount" alias="peak.amount" label="Peak Amount" group="Peak">2.5</parameter>
              <parameter name="width(50)" alias="peak.width(50)" label="Peak Width 50%" group="Peak">0.6</parameter>
              <peakXvalue>-7</peakXvalue>
              <peakYvalue>19.5</peakYvalue>
              <baseline>
                <startXvalue>1</startXvalue>
                <startYvalue>0.1</startYvalue>
                <endXvalue>3</endXvalue>
                <endYvalue>0.12</endYvalue>
              </baseline>
            </peak>
          </peaktable>
        </Ydata>
      </Xdata>
    </trace>
  </experiment>
  <experiment name="gap">
    <collectdate>2031-04-17T08:40:00Z</collectdate>
    <parameter name="type" alias="SampleType" label="Type" group="Injection">SAMPLE</parameter>
    <parameter name="position" alias="injection.position" label="Vial" group="Injection">GA5</parameter>
    <parameter name="inject_volume" alias="injection.inject_volume" label="Volume" group="Injection">1.5</parameter>
    <parameter name="weight" alias="injection.weight" label="Weight" group="Injection">4.25</parameter>
    <trace name="FID" technique="CHROM">
      <parameter name="IN_RANGE" label="A/D voltage range" group="Instrument">1000</parameter>
      <Xdata label="Minutes" units="MINUTES" valueorder="EVEN">
        <values byteorder="INTEL" format="FLOAT64" numvalues="8">AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8AAAAAAAAAQAAAAAAAAARAAAAAAAAACEAAAAAAAAAMQA==</values>
        <Ydata label="mAU" units="MILLIVOLTS">
          <values byteorder="INTEL" format="FLOAT32" numvalues="8">
            zczMPc3MzD0AAIhAAADAfwAA8EAAAEA/zcxMPs3MzD0=
          </values>
          <peaktable name="Peaks">
          </peaktable>
        </Ydata>
      </Xdata>
    </trace>
  </experiment>
</GAML>
