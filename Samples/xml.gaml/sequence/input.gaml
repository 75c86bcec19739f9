<?xml version="1.0" encoding="UTF-8"?>
<GAML version="1.20" name="RUN-0417">
  <integrity algorithm="SHA1">0000000000000000000000000000000000000000</integrity>
  <parameter name="component_name" label="Component name" group="GAML Generation">EXAMPLE</parameter>
  <parameter name="converter_input_source" label="Converter input source" group="Data Conversion">D:\data\ann\RUN-0417.seq</parameter>
  <parameter name="ninjections" alias="seq.ninjections" label="Injections" group="Sequence">3</parameter>
  <experiment name="Water">
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
            zczMPc3MzD0AAIhAAACcQQAA8EAAAEA/zcxMPs3MzD0=
          </values>
          <peaktable name="Peaks">
          </peaktable>
        </Ydata>
      </Xdata>
    </trace>
  </experiment>
  <experiment name="Std 2">
    <collectdate>2031-04-17T08:10:00Z</collectdate>
    <parameter name="type" alias="SampleType" label="Type" group="Injection">CALIBRATOR</parameter>
    <parameter name="position" alias="injection.position" label="Vial" group="Injection">GA2</parameter>
    <parameter name="inject_volume" alias="injection.inject_volume" label="Volume" group="Injection">1.5</parameter>
    <parameter name="weight" alias="injection.weight" label="Weight" group="Injection">4.25</parameter>
    <trace name="FID" technique="CHROM">
      <parameter name="IN_RANGE" label="A/D voltage range" group="Instrument">1000</parameter>
      <Xdata label="Minutes" units="MINUTES" valueorder="EVEN">
        <values byteorder="INTEL" format="FLOAT64" numvalues="8">AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8AAAAAAAAAQAAAAAAAAARAAAAAAAAACEAAAAAAAAAMQA==</values>
        <Ydata label="Signal" units="MILLIVOLTS">
          <values byteorder="INTEL" format="FLOAT32" numvalues="8">
            zczMPc3MzD0AAIhAAACcQQAA8EAAAEA/zcxMPs3MzD0=
          </values>
          <peaktable name="Peaks">
            <peak name="Ethanol" number="1">
              <parameter name="area" alias="peak.area" label="Peak Area" group="Peak">14.25</parameter>
              <parameter name="height" alias="peak.height" label="Peak Height" group="Peak">19.4</parameter>
              <parameter name="amount" alias="peak.amount" label="Peak Amount" group="Peak">2.5</parameter>
              <parameter name="width(50)" alias="peak.width(50)" label="Peak Width 50%" group="Peak">0.6</parameter>
              <peakXvalue>1.5</peakXvalue>
              <peakYvalue>19.5</peakYvalue>
              <baseline>
                <startXvalue>1</startXvalue>
                <startYvalue>0.1</startYvalue>
                <endXvalue>3</endXvalue>
                <endYvalue>0.12</endYvalue>
              </baseline>
            </peak>
            <peak number="1">
              <parameter name="area" alias="peak.area" label="Peak Area" group="Peak">0.5</parameter>
              <parameter name="height" alias="peak.height" label="Peak Height" group="Peak">0.6</parameter>
              <parameter name="amount" alias="peak.amount" label="Peak Amount" group="Peak">n.a.</parameter>
              <parameter name="width(50)" alias="peak.width(50)" label="Peak Width 50%" group="Peak">0.6</parameter>
              <peakXvalue>2.5</peakXvalue>
              <peakYvalue>0.75</peakYvalue>
              <baseline>
                <startXvalue>2.4</startXvalue>
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
  <experiment name="filter">
    <collectdate>2031-04-17T09:30:00Z</collectdate>
    <trace name="Scan" technique="UVVIS">
      <Xdata label="nm" units="NANOMETERS" valueorder="EVEN">
        <values byteorder="INTEL" format="FLOAT32" numvalues="4">AADIQwCAyEMAAMlDAIDJQw==</values>
        <Ydata label="Absorbance" units="ABSORBANCE">
          <values byteorder="INTEL" format="FLOAT64" numvalues="4">AAAAAAAA4D8AAAAAAADQPwAAAAAAAMA/AAAAAAAAsD8=</values>
        </Ydata>
        <Ydata label="%Transmission" units="TRANSMISSIONPERCENT">
          <values byteorder="INTEL" format="FLOAT64" numvalues="4">mpmZmZmZP0CamZmZmRlMQAAAAAAAwFJAZmZmZmamVUA=</values>
        </Ydata>
      </Xdata>
    </trace>
  </experiment>
</GAML>
