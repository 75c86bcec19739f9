/// The part of a page's script that draws one plot of a grid as large as the window allows, from the data of the page: with
/// axis names, a smooth line and the IC50 marked. Without scripts the small plot is enlarged instead.
enum EnlargedScript {
    static let text = #"""
        const add=(name,style,values,parent)=>{const n=doc.createElementNS(NS,name);if(style)n.setAttribute('class',style);
          for(const k in values)n.setAttribute(k,values[k]);parent.append(n);return n};
        const d=points=>points.map(([x,y],i)=>(i?'L':'M')+x.toFixed(1)+' '+y.toFixed(1)).join('');
        function linearTicks(a){
          const raw=(a[8]-a[7])/Math.max(3,a[6]/60),power=Math.floor(log(raw)),m=raw/10**power;
          const step=(m<1.5?1:m<3.5?2:m<7.5?5:10)*10**power,places=Math.max(0,-Math.floor(log(step)+1e-9)),list=[];
          for(let k=Math.ceil(a[7]/step);k*step<=a[8]&&list.length<40;k++){const v=k*step,big=Math.abs(log(step))>5;
            list.push([v,big?num(v):v.toFixed(Math.min(places,12)).replace('-','\u2212')])}
          return list}
        function doseTicks(a){
          const list=[],low=Math.floor(a[2]),high=Math.floor(a[3]),room=a[1]/(a[3]-a[2]),every=Math.ceil(64/room);
          const few=Math.floor(a[3])-Math.ceil(a[2])<1,powers=low<-4||high>5;
          for(let k=low;k<=high;k++)for(let m=1;m<10;m++){
            const at=k+log(m);if(at<a[2]||at>a[3]||m>1&&room<60)continue;
            const said=m===1?k%every===0:!powers&&(few&&room<700||room>230)&&(m===2||m===5)||few&&room>=700;
            list.push([10**at,said?powers&&m===1?'10'+(k<0?'⁻':'')+[...String(Math.abs(k))].map(c=>supers[c]).join('')
              :num(m*10**k):''])}
          return list}
        function axes(svg,a,c,bottom,right){
          const grid=[],lines=[],[response]=$('#axes').textContent.split(' against ');
          add('text','m n',{x:4,y:a[5]-16},svg).textContent=response;
          add('text','m n c',{x:a[0]+a[1]/2,y:bottom+44},svg).textContent='Dose'+(c.u?' ('+c.u+')':'');
          const start=a[4]===null?a[0]:a[0]-54;
          for(const [v,label] of linearTicks(a)){const y=Y(a,v);grid.push([[start,y],[right,y]]);
            add('text','t e',{x:start-8,y:y+4},svg).textContent=label}
          lines.push([[a[0]+(a[4]===null?0:3),bottom],[right,bottom]]);
          if(a[4]!==null){lines.push([[start,bottom],[a[0]-3,bottom]],[[a[4],bottom],[a[4],bottom+6]]);
            for(const s of [-3,3])lines.push([[a[0]+s-2.5,bottom+5],[a[0]+s+2.5,bottom-5]]);
            add('text','t c',{x:a[4],y:bottom+20},svg).textContent='0'}
          for(const [v,label] of doseTicks(a)){const x=X(a,v);lines.push([[x,bottom],[x,bottom+(label?6:3)]]);
            if(label)add('text','t c',{x,y:bottom+20},svg).textContent=label}
          add('path','gr',{d:grid.map(d).join('')},svg);add('path','ax',{d:lines.map(d).join('')},svg);
          return response}
        function fitted(area,svg,a,c,bottom,right,response){
          const doses=c.x.filter(x=>x>0).map(log),ends=[Math.min(...doses),Math.max(...doses)];
          const y=v=>Math.min(Math.max(Y(a,v),a[5]-a[6]),a[5]+2*a[6]);
          const run=(from,to,n)=>d(Array.from({length:n},(_,i)=>{const p=from+(to-from)*i/(n-1);
            return[a[0]+(p-a[2])/(a[3]-a[2])*a[1],y(mean(c,10**p))]}));
          if(doses.length){
            add('path','l d',{d:run(a[2],ends[0],40)+run(ends[1],a[3],40)},area);
            add('path','l',{d:run(ends[0],ends[1],300)+(a[4]===null?'':d([[a[4]-16,y(mean(c,0))],[a[4]+16,y(mean(c,0))]]))},area)}
          add('path','pl',{d:[c.v[1],c.v[2]].map(v=>d([[a[0],y(v)],[right,y(v)]])).join('')},area);
          const inside=x=>x>=a[0]&&x<=right,label=(text,style,x,y)=>add('text',style+' hl',{x,y},svg).textContent=text;
          if(c.l){const [at,level]=c.l,x=X(a,at),h=Y(a,level);
            add('path','lv',{d:d([[a[0],h],[right,h]])},area);
            if(inside(x)){add('path','dr da',{d:d([[x,h],[x,bottom]])},area);
              add('path','i',{d:'M-4.5 0L0-4.5 4.5 0 0 4.5z',transform:`translate(${x} ${h})`},area)}
            label(num(level)+(/\(%\)$/.test(response)?' %':'')+' at '+num(at)+unit(c),'t e',right-2,c.e&&mean(c,c.e[0])>=level?h+16:h-6)}
          if(!c.e||!inside(X(a,c.e[0])))return;
          const level=/[\d.]+ % confidence interval/.exec($('.key').textContent);
          if(level)label('Bar: '+level[0],'t e',right,a[5]-16);
          const [ic50,low,high]=c.e,x=X(a,ic50),h=Y(a,mean(c,ic50)),bar=[];
          if(low!==null||high!==null)for(const [end,edge,way] of [[low,a[0],-1],[high,right,1]]){
            const p=end===null?NaN:X(a,end);
            if(end===null)bar.push([[x,h],[edge,h]],[[edge-way*6,h-4],[edge,h],[edge-way*6,h+4]]);
            else if(inside(p))bar.push([[x,h],[p,h]],[[p,h-5],[p,h+5]]);
            else{bar.push([[x,h],[edge,h]],[[edge-way,h-3],[edge-way,h+3]]);
              label((way<0?'from ':'to ')+num(end,3)+unit(c),way<0?'t':'t e',edge-way*4,!c.l||Y(a,c.l[1])>=h?h-8:h+17)}}
          add('path','dr',{d:d([[x,h],[x,bottom]])},area);add('path','i',{d:bar.map(d).join('')},area);
          add('circle','i',{cx:x,cy:h,r:5},area);add('circle','i',{cx:x,cy:h,r:1.2},area);
          const lines=[c.v[1],c.v[2],...(c.l?[c.l[1]]:[])].map(v=>Y(a,v));
          let at=bottom-9;while(at>h+28&&lines.some(l=>l>at-15&&l<at+7))at-=4;
          const left=x>right-170||c.l&&c.l[0]>ic50&&x>a[0]+170;
          label('IC50 '+$('figcaption span',svg.parentNode).textContent.split(' (')[0],left?'e':'',x+(left?-9:9),at)}
        function enlarge(){
          hide();$$('.large').forEach(n=>n.remove());const cell=target();if(!cell)return;
          const c=D.curves[cell.id.slice(1)],o=c.a,thumb=$('svg',cell),f=Math.round;
          const w=f(Math.max(300,Math.min(innerWidth*.88,1160)));
          const h=f(Math.max(260,Math.min(innerHeight-110-$('figcaption',cell).offsetHeight,w*.95)));
          const svg=doc.createElementNS(NS,'svg'),zero=o[4]!==null,left=zero?126:72,right=w-20,top=40,bottom=h-56;
          const a=svg.axis=[left,right-left,o[2],o[3],zero?99:null,top,bottom-top,o[7],o[8]];
          for(const [k,v] of Object.entries({class:'large',viewBox:`0 0 ${w} ${h}`,width:w,height:h,role:'img',
            'aria-label':$('title',thumb).textContent}))svg.setAttribute(k,v);
          $('a',cell).after(svg);
          const clip=add('clipPath','',{id:'window'},svg),start=zero?72:left;
          add('rect','',{x:start,y:top,width:right-start,height:bottom-top},clip);
          const response=axes(svg,a,c,bottom,right),area=add('g','',{'clip-path':'url(#window)'},svg);
          const move=([x,y])=>[a[0]+(x-o[0])/o[1]*a[1],a[5]+(y-o[5])/o[6]*a[6]];
          const outer=$('path.b',thumb),flat=$('path.f',thumb);
          if(outer){const points=outline(outer).map(move),path=add('path','b',{d:d(points)+'z'},area);outlines.set(path,points)}
          if(c.v)fitted(area,svg,a,c,bottom,right,response);
          else if(flat){const y=move(outline(flat)[0])[1];add('path','l f',{d:d([[start,y],[right,y]])},area)}
          if(!c.x.length)$$('.q',thumb).forEach(q=>{const n=q.cloneNode(true),[e,g]=move([0,0]);
            n.setAttribute('transform',`matrix(${a[1]/o[1]} 0 0 ${a[6]/o[6]} ${e} ${g})`);area.append(n)});
          c.x.forEach((x,i)=>{const at={cx:X(a,x),cy:Y(a,c.y[i])};if(at.cx===null||!isFinite(at.cy))return;
            add('circle',c.w&&c.w[i]===0?'w':'p',{...at,r:4},svg);if(c.s.has(i))add('circle','o',{...at,r:9},svg)})}
        addEventListener('hashchange',enlarge);addEventListener('resize',enlarge);enlarge();

        """#
}
