/// The style of a page around its plots.
enum PageStyle {
    static let text = """
        *{box-sizing:border-box}html{color-scheme:light dark}
        body{margin:0 auto;padding:36px 28px 72px;max-width:1180px;background:#fff;color:#1d232c;
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
        h1{font-size:24px;line-height:1.25;font-weight:600;letter-spacing:-.01em;margin:0;overflow-wrap:anywhere}
        h2{font-size:15px;font-weight:600;margin:44px 0 10px}p{margin:6px 0}a{color:#0b5a96}
        .sub,figcaption span,small,dt,.key{color:#5a6472}header{margin-bottom:26px}.sub{margin-top:4px}
        .answer{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 14px;margin-top:18px}
        .answer b{font-size:30px;font-weight:600;letter-spacing:-.015em;font-variant-numeric:tabular-nums}
        .why{margin:6px 0 0;padding-left:18px;max-width:70ch}
        i{font-style:normal;font-weight:500}.good>*>i,i.good{color:#17713f}.caution i,i.caution{color:#8a5a00}
        .refused i,i.refused{color:#a8322a}.good i{color:#17713f}
        #one{margin:0;overflow-x:auto}#one svg{display:block;width:100%;min-width:690px;height:auto}
        @media screen and (min-width:1000px){#one text{font-size:10px}#one .t{font-size:9px}#one .h{font-size:10.5px}}
        .bar{display:flex;flex-wrap:wrap;align-items:center;gap:8px 18px;margin:12px 0;font-size:13.5px}
        .bar label{display:inline-flex;gap:6px;align-items:center}
        button,input[type=search],.btn{font:inherit;color:inherit;background:#fff;border:1px solid #c5cbd3;border-radius:6px;
        padding:4px 11px;text-decoration:none}button:hover,.btn:hover{background:#f3f5f7}
        input[type=search]{width:230px}:focus-visible{outline:2px solid #0b6bb0;outline-offset:2px}
        .nojs .js{display:none}.key{font-size:13px;max-width:110ch}
        .sds{display:none}body:has(#sd:checked) .sds{display:inline}body:has(#sd:checked) .pt{display:none}
        body:has(#band:not(:checked)) .b{display:none}
        .lg[tabindex]{cursor:pointer}
        .wide{overflow-x:auto}table{border-collapse:collapse;font-size:13.5px;min-width:100%}
        th,td{text-align:left;vertical-align:top;padding:7px 0 7px 20px;border-bottom:1px solid #e6e9ed}
        th:first-child{padding-left:0}thead th{font-weight:500;color:#5a6472;border-color:#8a93a0;white-space:nowrap;padding-bottom:5px}
        thead button{all:unset;cursor:pointer}thead button:focus-visible{outline:2px solid #0b6bb0}
        th[aria-sort=ascending] button:after{content:" ↑"}th[aria-sort=descending] button:after{content:" ↓"}
        tbody th{font-weight:500;min-width:150px;max-width:280px;overflow-wrap:anywhere}td{font-variant-numeric:tabular-nums}
        .r{text-align:right;white-space:nowrap}td:last-child{min-width:200px;overflow-wrap:anywhere;color:#5a6472}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 22px;font-size:13.5px;margin:0}
        dd{margin:0;overflow-wrap:anywhere}code{font:12px ui-monospace,Menlo,Consolas,monospace;color:#5a6472}
        .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(236px,1fr));gap:26px 22px}
        .c{margin:0;min-width:0;color:#0b6bb0;content-visibility:auto;contain-intrinsic-size:236px 205px}
        .c.refused{color:#6a7380}.c svg{display:block;width:100%;height:auto}.c .gr{stroke-width:1}.c .l{stroke-width:1.75}
        .c svg{font-size:95px;text-anchor:start}.c .i{stroke-width:1.25}.c .q{stroke-width:4}.c .z{opacity:.3}.c a{display:block;color:inherit}
        .defs{position:absolute}text.s{font-size:inherit}
        figcaption{color:#1d232c;font-size:13px;line-height:1.4;padding:2px 6px 0 30px}
        figcaption{display:grid;grid-template-columns:1fr auto;column-gap:8px}figcaption span,figcaption small{grid-column:1/-1}
        figcaption b{min-width:0;font-weight:600;overflow:hidden;overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;
        -webkit-line-clamp:2}
        figcaption span{font-variant-numeric:tabular-nums}
        figcaption small{display:block;font-size:12px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .c:target{position:fixed;inset:0;z-index:2;background:#fff;padding:64px 6vw 24px;overflow:auto;
        content-visibility:visible;display:flex;flex-direction:column;align-items:center}
        .c:target a{width:min(100%,(100vh - 210px)*1.64)}.c:target:has(.large)>a{display:none}
        .large{flex:none;cursor:crosshair}.c .large{width:auto;font-size:13px}.large text{font-size:13.5px}.large .t{font-size:12.5px}
        .c:target:has(.large) figcaption{width:min(1160px,100%)}.c:not(:target) .large{display:none}.c:target b{display:block}
        .c:target svg{font-size:36px}.c:target .q{stroke-width:8}.c:target .l{stroke-width:2.5}
        .c:target figcaption{width:min(760px,100%);font-size:16px;padding:14px 0 0}
        .c:target small,.c:target b{white-space:normal;overflow-wrap:anywhere}.c:target small{font-size:14px}
        #close{display:none;position:fixed;z-index:3;top:16px;right:6vw;gap:8px;font-size:13.5px}
        body:has(.c:target) #close{display:flex}body:has(.c:target){overflow:hidden}
        body:has(#good:checked) :is(.c,tbody tr):not(.good),body:has(#caution:checked) :is(.c,tbody tr):not(.caution),
        body:has(#refused:checked) :is(.c,tbody tr):not(.refused),.hidden{display:none}
        #tip{position:fixed;z-index:4;pointer-events:none;background:#1d232c;color:#fff;border-radius:6px;padding:7px 10px;
        font-size:12.5px;line-height:1.45;max-width:300px;white-space:pre-line;font-variant-numeric:tabular-nums}
        #tip:empty{display:none}.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        #spot{fill:none;stroke:currentColor;stroke-width:2}
        @media(max-width:600px){body{padding:22px 14px 48px}#close{right:3vw;gap:4px;font-size:12px}#close>*{padding:4px 7px;white-space:nowrap}}

        """

    /// Screens only: paper stays white.
    static let dark = """
        body,.c:target{background:#14171c;color:#e8ebf0}a{color:#7dbdf2}figcaption{color:#e8ebf0}
        .sub,figcaption span,small,dt,.key,thead th,td:last-child,code{color:#a2acba}
        button,input[type=search],.btn{background:#1d2128;border-color:#464e5a}button:hover,.btn:hover{background:#2a2f38}
        th,td{border-color:#2a2f38}thead th{border-color:#6d7684}
        .good i,i.good{color:#5fd19a}.caution i,i.caution{color:#e6b34d}.refused i,i.refused{color:#ff9a90}
        .c{color:#62b0ee}.c.refused{color:#a2acba}#tip{background:#e8ebf0;color:#14171c}

        """

    static let print = """
        body{max-width:none;padding:0;font-size:10pt}.bar,.js,#tip,#close{display:none!important}
        .grid{grid-template-columns:repeat(4,1fr);gap:12px 10px}.c{content-visibility:visible;break-inside:avoid}
        .c:target{position:static;padding:0;display:block}.c:target a{width:100%}.c:target svg{font-size:95px}
        figcaption{font-size:8pt;padding-left:22px}figcaption small{font-size:7pt}#one{break-inside:avoid}#one svg{min-width:0}.large{display:none}.c:target:has(.large)>a{display:block}
        table,dl{font-size:8pt}th,td{padding:3px 0 3px 10px}tr{break-inside:avoid}thead{display:table-header-group}
        .wide{overflow:visible}h2{margin-top:20px;break-after:avoid}a{color:inherit;text-decoration:none}
        .good i{color:#17713f}

        """
}
