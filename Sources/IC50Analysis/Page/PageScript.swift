/// What a page does when scripts may run: values under the pointer and the arrow keys, the legend as switches, filter and
/// order, downloads. Everything there is to see is there without it.
enum PageScript {
    /// - Parameter enlarges: The page is a grid, whose plots open.
    static func text(enlarges: Bool) -> String { main + (enlarges ? EnlargedScript.text : "") + "})()\n" }

    private static let main = #"""
        (()=>{"use strict";
        const doc=document,$=(s,r=doc)=>r.querySelector(s),$$=(s,r=doc)=>[...r.querySelectorAll(s)];
        const D=JSON.parse($('#data').textContent),tip=$('#tip'),said=$('#said'),big=$('#plot');
        doc.body.classList.remove('nojs');
        const num=(v,n=4)=>String(Number(v.toPrecision(n))).replace('-','\u2212'),unit=c=>c.u?' '+c.u:'';
        const texts=t=>t===undefined?[]:t.split('\n');
        D.curves.forEach(c=>{c.x=D.doses[c.x];c.a=D.axes[c.a];c.r=texts(c.r);c.at=texts(c.at);c.s=new Set(c.s)});
        const log=Math.log10;
        const X=(a,d)=>d===0?a[4]:a[0]+(log(d)-a[2])/(a[3]-a[2])*a[1];
        const dose=(a,x)=>10**(a[2]+(x-a[0])/a[1]*(a[3]-a[2]));
        const Y=(a,v)=>a[5]+a[6]*(1-(v-a[7])/(a[8]-a[7])),value=(a,y)=>a[7]+(1-(y-a[5])/a[6])*(a[8]-a[7]);
        function mean(c,x){
          const [b,lo,hi,e,f]=c.v,u=x>0?b*(Math.log(x)-Math.log(e)):b>0?-Infinity:b<0?Infinity:0;
          const g=c.f==='W1'?Math.exp(-Math.exp(u)):c.f==='W2'?-Math.expm1(-Math.exp(u)):
            f===1?1/(1+Math.exp(u)):Math.exp(-f*(Math.max(u,0)+Math.log1p(Math.exp(-Math.abs(u)))));
          return lo+(hi-lo)*g}
        const outlines=new WeakMap();
        function outline(path){if(!outlines.has(path)){let px=0,py=0;const n=path.getAttribute('d').match(/-?(\d+\.?\d*|\.\d+)/g).map(Number),p=[];
            for(let i=0;i+1<n.length;i+=2){px+=n[i];py+=n[i+1];p.push([px,py])}outlines.set(path,p)}
          return outlines.get(path)}
        function band(group,a,x){
          const path=$('path.b',group);if(!path)return'';
          const hits=[],p=outline(path);
          for(let i=0;i+1<p.length;i++){const [x0,y0]=p[i],[x1,y1]=p[i+1];
            if(x0!==x1&&(x0-x)*(x1-x)<=0)hits.push(y0+(y1-y0)*(x-x0)/(x1-x0))}
          if(hits.length<2)return'';
          const ends=[Math.max(...hits),Math.min(...hits)];
          if(ends.some(y=>y<a[5]-a[6]+1||y>a[5]+2*a[6]-1))return'';
          return'\nband '+ends.map(y=>num(value(a,y),3)).join(' – ')}
        function pointText(c,i){
          const lines=[c.n,num(c.x[i])+unit(c)+': '+num(c.y[i],5)],more=[];
          if(c.r[i])more.push('replicate '+c.r[i]);
          if(c.w&&c.w[i]===0)more.push('not fitted');
          else if(c.v)more.push('residual '+num(c.y[i]-mean(c,c.x[i]),3));
          if(more.length)lines.push(more.join(', '));
          if(c.s.has(i))lines.push('suspected outlier, kept');
          if(c.at[i])lines.push(c.at[i]);
          return lines.join('\n')}
        const NS=doc.documentElement.namespaceURI.replace('1999/xhtml','2000/svg'),spot=doc.createElementNS(NS,'circle');
        spot.id='spot';
        function hide(){tip.textContent='';spot.remove()}
        function show(text,svg,group,x,y){
          const m=svg.getScreenCTM();tip.textContent=text;
          spot.setAttribute('cx',x);spot.setAttribute('cy',y);spot.setAttribute('r',7/m.a);
          if(spot.parentNode!==group)group.append(spot);
          const at=new DOMPoint(x,y).matrixTransform(m),w=tip.offsetWidth,h=tip.offsetHeight;
          tip.style.left=Math.max(4,at.x+16+w>innerWidth?at.x-w-16:at.x+16)+'px';
          tip.style.top=Math.max(4,Math.min(at.y-h/2,innerHeight-h-4))+'px'}
        const groupsOf=svg=>svg===big?$$('.cv',svg).filter(g=>g.style.display!=='none').map(g=>[g,D.curves[g.dataset.i]])
          :[[svg,D.curves[svg.closest('.c').id.slice(1)]]];
        doc.addEventListener('pointermove',event=>{
          const svg=event.target.closest?.('#plot,.c svg');if(!svg)return hide();
          const m=svg.getScreenCTM(),p=new DOMPoint(event.clientX,event.clientY).matrixTransform(m.inverse());
          let best=15,found=null;
          for(const [g,c] of groupsOf(svg))c.x.forEach((d,i)=>{
            const a=svg.axis||c.a,x=X(a,d),y=Y(a,c.y[i]),far=Math.hypot(x-p.x,y-p.y)*m.a;
            if(far<best){best=far;found=()=>show(pointText(c,i),svg,g,x,y)}});
          if(!found){best=18;for(const [g,c] of groupsOf(svg)){
            const a=svg.axis||c.a,d=dose(a,p.x);if(!c.v||p.x<a[0]||p.x>a[0]+a[1])continue;
            const v=mean(c,d),y=Y(a,v),far=Math.abs(y-p.y)*m.a;
            if(far<best&&y>a[5]&&y<a[5]+a[6]){best=far;
              found=()=>show(c.n+'\n'+num(d,3)+unit(c)+': mean '+num(v)+band(g,a,p.x),svg,g,p.x,y)}}}
          found?found():hide()});
        doc.addEventListener('pointerleave',hide);addEventListener('scroll',hide,{passive:true});
        if(big){
          $$('use title',big).forEach(t=>t.remove());big.setAttribute('tabindex','0');
          let curve=0,place=-1;
          big.addEventListener('keydown',event=>{
            const step={ArrowRight:1,ArrowLeft:-1}[event.key],other={ArrowDown:1,ArrowUp:-1}[event.key];
            if(event.key==='Escape')return hide();
            if(event.target!==big||!step&&!other)return;
            event.preventDefault();const all=groupsOf(big);if(!all.length)return;
            if(other){curve+=other;place=0}
            curve=(curve+all.length)%all.length;const [g,c]=all[curve];
            const order=c.x.map((_,i)=>i).sort((i,j)=>c.x[i]-c.x[j]||c.y[i]-c.y[j]);if(!order.length)return;
            place=(place+(step||0)+order.length)%order.length;const i=order[place];
            show(pointText(c,i),big,g,X(c.a,c.x[i]),Y(c.a,c.y[i]));said.textContent=pointText(c,i)});
          big.addEventListener('blur',hide);
          if(D.curves.length>1)$$('.lg',big).forEach(row=>{
            row.setAttribute('role','button');row.setAttribute('tabindex','0');row.setAttribute('aria-pressed','true');
            row.setAttribute('aria-label','Show '+D.curves[row.dataset.i].n);
            const turn=()=>{const off=row.classList.toggle('off');row.setAttribute('aria-pressed',String(!off));
              $('.cv[data-i="'+row.dataset.i+'"]',big).style.display=off?'none':''};
            row.addEventListener('click',turn);
            row.addEventListener('keydown',e=>{if(e.key==='Enter'||e.key===' '){e.preventDefault();turn()}})});
          if(D.curves.length>1)big.setAttribute('role','group')}
        const cells=$$('.c'),rows=$$('#table tbody tr'),field=$('#name'),count=$('#count');
        const grades=['good','caution','refused'];
        function filter(){
          const words=field.value.toLowerCase().split(/\s+/).filter(Boolean),grade=grades.find(g=>$('#'+g)?.checked);let n=0;
          D.curves.forEach((c,i)=>{const name=(c.full||c.n).toLowerCase()+' '+c.n.toLowerCase();
            const miss=!words.every(w=>name.includes(w));
            cells[i]?.classList.toggle('hidden',miss);rows[i].classList.toggle('hidden',miss);
            if(!miss&&(!grade||rows[i].classList.contains(grade)))n++});
          count.textContent=n+' of '+D.curves.length}
        if(field){field.addEventListener('input',filter);grades.concat('any').forEach(g=>$('#'+g)?.addEventListener('change',filter))}
        const target=()=>$('.c:target'),seen=()=>cells.filter(c=>c.offsetParent||c===target());
        function turn(way){const list=seen(),i=list.indexOf(target());
          if(i>=0)location.replace('#'+list[(i+way+list.length)%list.length].id)}
        doc.addEventListener('keydown',event=>{if(!target()||event.target===field)return;
          if(event.key==='Escape'){const id=target().id;location.replace('#all');$('#'+id+' a').focus()}
          if(event.key==='ArrowRight')turn(1);if(event.key==='ArrowLeft')turn(-1)});
        $$('[data-turn]').forEach(b=>b.addEventListener('click',()=>turn(Number(b.dataset.turn))));
        const supers='⁰¹²³⁴⁵⁶⁷⁸⁹';
        const number=t=>{const m=t.replaceAll('\u2212','-').match(/(-?[\d.]+)(?: × 10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/);if(!m)return NaN;
          const e=m[3]?Number((m[2]?'-':'')+[...m[3]].map(s=>supers.indexOf(s)).join('')):0;return Number(m[1])*10**e};
        $$('#table thead th').forEach((head,column)=>{
          const button=doc.createElement('button');button.type='button';button.append(...head.childNodes);head.append(button);
          button.addEventListener('click',()=>{
            const down=head.getAttribute('aria-sort')==='ascending';
            $$('#table th[aria-sort]').forEach(h=>h.removeAttribute('aria-sort'));
            head.setAttribute('aria-sort',down?'descending':'ascending');
            const key=r=>r.cells[column].textContent,numeric=head.classList.contains('r');
            const less=numeric?(a,b)=>{const p=number(key(a)),q=number(key(b));
              return isNaN(p)||isNaN(q)?isNaN(p)-isNaN(q):(p-q)*(down?-1:1)}
              :(a,b)=>key(a).localeCompare(key(b),undefined,{numeric:true})*(down?-1:1);
            $('#table tbody').append(...[...rows].sort(less))})});
        function copy(svg){
          const o=svg.cloneNode(true),all=$$('*',svg);
          $$('*',o).forEach((n,i)=>{if(all[i].matches('.sds,.pt,.b,.cv,#spot')&&
            (all[i].id==='spot'||getComputedStyle(all[i]).display==='none'))n.remove()});
          const style=doc.createElementNS(o.namespaceURI,'style');style.textContent=$('#ps').textContent;
          let [w,h]=[svg.viewBox.baseVal.width,svg.viewBox.baseVal.height];
          const words=lines=>lines.forEach(([text,x,y,css])=>{const t=doc.createElementNS(o.namespaceURI,'text');
            t.textContent=text;t.setAttribute('x',x);t.setAttribute('y',y);t.setAttribute('style',css);o.append(t)});
          if(svg===big&&D.curves.length===1){
            o.setAttribute('viewBox','0 -52 760 '+(h+=52));
            words([[D.curves[0].n,2,-30,'font-weight:600;font-size:14px'],[$('.answer').innerText.replace(/\s+/g,' '),2,-12,'']])}
          const paper=(x,y)=>{const rect=doc.createElementNS(NS,'rect');
            for(const [k,v] of [['class','bg'],['x',x],['y',y],['width','100%'],['height','100%']])rect.setAttribute(k,v);o.prepend(rect)};
          const cell=svg.closest('.c'),grey=cell?.classList.contains('refused');
          if(cell)o.style.color=grey?'#6a7380':'#0b6bb0';
          if(svg===big){
            // Room around it: what it is put on may end at its edges.
            const v=o.getAttribute('viewBox').split(' ').map(Number);w+=28;h+=28;
            o.setAttribute('viewBox',[v[0]-14,v[1]-14,w,h].join(' '));$('.bg',o).remove();paper(v[0]-14,v[1]-14)
          }else if(svg.axis){
            o.setAttribute('viewBox','-14 -60 '+(w+=28)+' '+(h+=74));paper(-14,-60);
            words([[$('figcaption b',cell).textContent,4,-30,'font-weight:600;font-size:15px'],
              [$('figcaption span',cell).textContent+' · '+$('figcaption i',cell).textContent,4,-10,'']])
          }else{
            o.setAttribute('viewBox','0 -420 2300 1820');[w,h]=[690,546];
            const id=$('use',svg).getAttribute('href');
            style.textContent+='.s{font-size:70px}.q{stroke-width:5}.z{opacity:.3}';
            const defs=doc.createElementNS(o.namespaceURI,'defs');defs.append($('#clip').cloneNode(true),$(id).cloneNode(true));
            paper(0,-420);o.prepend(defs);
            words([[$('figcaption b',cell).textContent,300,-270,'font-size:90px;font-weight:600'],
              [$('figcaption span',cell).textContent+' · '+$('figcaption i',cell).textContent,300,-160,'font-size:70px'],[$('#axes').textContent,300,-40,'font-size:60px;fill:#5a6472']])}
          o.prepend(style);o.setAttribute('width',w);o.setAttribute('height',h);
          return{text:new XMLSerializer().serializeToString(o),w,h}}
        function save(blob,name){const a=doc.createElement('a');a.href=URL.createObjectURL(blob);a.download=name;a.click();
          setTimeout(()=>URL.revokeObjectURL(a.href),1e4)}
        $$('[data-save]').forEach(b=>b.addEventListener('click',()=>{
          const svg=big||$('.large',target())||$('svg',target()),c=big?D.curves:[D.curves[target().id.slice(1)]],{text,w,h}=copy(svg);
          const name=(c.length===1?c[0].n.replace(/[^\p{L}\p{N}._-]+/gu,'_').slice(0,60)||'curve':'curves');
          if(b.dataset.save==='svg')return save(new Blob([text],{type:'image/svg+xml'}),name+'.svg');
          const image=new Image();image.onload=()=>{const canvas=doc.createElement('canvas');canvas.width=w*3;canvas.height=h*3;
            const g=canvas.getContext('2d');g.fillStyle='#fff';g.fillRect(0,0,w*3,h*3);g.drawImage(image,0,0,w*3,h*3);
            canvas.toBlob(png=>save(png,name+'.png'))};
          image.src='data:image/svg+xml;charset=utf-8,'+encodeURIComponent(text)}))

        """#
}
